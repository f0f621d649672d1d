/**
 * The leader's view of its followers and what it sends to them next; the follower's check of what
 * it is sent.
 */
@NullMarked
package org.raftactors.core.replication;

import org.jspecify.annotations.NullMarked;
