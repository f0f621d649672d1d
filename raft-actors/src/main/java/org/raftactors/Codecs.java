package org.raftactors;

/**
 * The codecs of a state machine.
 *
 * @param command for what goes into the log
 * @param query for what is read
 * @param result for what both return
 * @param <C> commands
 * @param <Q> queries
 * @param <R> results
 */
public record Codecs<C, Q, R>(Codec<C> command, Codec<Q> query, Codec<R> result) {}
