/**
 * The Raft protocol of one replica as a pure, deterministic, single-threaded state machine: no
 * Pekko, no clock, no I/O, no threads, no randomness but what is handed in. {@link
 * org.raftactors.core.RaftCore} is the way in, {@link org.raftactors.core.Effect} the way out.
 */
@NullMarked
package org.raftactors.core;

import org.jspecify.annotations.NullMarked;
