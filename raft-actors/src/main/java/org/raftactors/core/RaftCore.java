package org.raftactors.core;

/** Placeholder while the protocol is being written. */
public final class RaftCore {}
