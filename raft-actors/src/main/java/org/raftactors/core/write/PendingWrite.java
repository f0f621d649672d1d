package org.raftactors.core.write;

/**
 * A write to be started.
 *
 * @param number names it; given back when it is done
 * @param event what to write, as one event
 */
public record PendingWrite(long number, Written event) {}
