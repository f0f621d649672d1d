package org.raftactors.core;

import org.raftactors.core.log.Payload;

/**
 * A command that wants to become a log entry, and who waits for its outcome.
 *
 * @param payload the encoded command
 * @param waiter opaque to the core; handed back exactly once, with the outcome or with the entry to
 *     apply
 */
public record Proposal(Payload payload, Object waiter) {}
