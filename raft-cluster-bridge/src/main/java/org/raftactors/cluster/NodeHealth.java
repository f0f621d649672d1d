package org.raftactors.cluster;

import java.util.List;

/**
 * How a node is.
 *
 * @param live whether it runs: if not, it must be started again
 * @param ready whether every replica on it knows a leader and has caught up with the first one that
 *     it heard after its start
 * @param problems why it is not ready, in words; empty if it is
 */
public record NodeHealth(boolean live, boolean ready, List<String> problems) {}
