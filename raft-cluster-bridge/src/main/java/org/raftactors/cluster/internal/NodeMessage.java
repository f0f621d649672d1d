package org.raftactors.cluster.internal;

/** What nodes send each other or store about themselves: written as CBOR. */
public interface NodeMessage {}
