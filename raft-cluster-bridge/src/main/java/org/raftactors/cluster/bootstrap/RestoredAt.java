package org.raftactors.cluster.bootstrap;

/**
 * The position of the state that a partition begins with.
 *
 * @param index of the last entry in it
 * @param term of that entry
 */
public record RestoredAt(long index, long term) {}
