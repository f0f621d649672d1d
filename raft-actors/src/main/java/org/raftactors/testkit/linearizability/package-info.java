/**
 * Checks histories of concurrent operations for linearizability: what clients recorded, in the
 * virtual time of a simulation or in real time, against a sequential model. Needs nothing but the
 * JDK, holds no clock and no randomness: the same history gives the same verdict.
 */
@NullMarked
package org.raftactors.testkit.linearizability;

import org.jspecify.annotations.NullMarked;
