package org.raftactors.testkit.simulation;

import org.jspecify.annotations.Nullable;
import org.raftactors.testkit.simulation.check.Violation;

/**
 * What came of one schedule.
 *
 * @param seed what it was drawn from
 * @param events inputs of the cores: messages, requests, turns to write, completions, ticks
 * @param committed entries that were committed
 * @param operations what clients did and got an answer to
 * @param virtualNanos how long it took in virtual time
 * @param fingerprint a hash of all that happened: the same for the same seed, on every machine
 * @param undecided whether it would take too long to judge what the clients saw
 * @param violation what did not hold, null if all did
 */
public record SimulationResult(
    long seed,
    long events,
    long committed,
    long operations,
    long virtualNanos,
    long fingerprint,
    boolean undecided,
    @Nullable Violation violation) {}
