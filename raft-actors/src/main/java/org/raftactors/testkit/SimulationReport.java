package org.raftactors.testkit;

import java.time.Duration;
import java.util.List;
import org.raftactors.testkit.actors.Run;

/**
 * What a simulation did that violated nothing. A test may look at it to make sure that something
 * happened at all.
 *
 * @param seeds runs
 * @param committed commands with a result
 * @param answered queries with an answer
 * @param refused operations that certainly had no effect
 * @param unknown commands of which no client knows whether they happened
 * @param faults that were injected, not counting those of single messages
 * @param elections new leaderships
 * @param restarts starts of a replica after its first
 * @param virtualTime simulated
 * @param trace of the last run, a line for each event
 */
public record SimulationReport(
    long seeds,
    long committed,
    long answered,
    long refused,
    long unknown,
    long faults,
    long elections,
    long restarts,
    Duration virtualTime,
    List<String> trace) {

  SimulationReport plus(Run.RunResult run) {
    return new SimulationReport(
        seeds + 1,
        committed + run.committed(),
        answered + run.answered(),
        refused + run.refused(),
        unknown + run.unknown(),
        faults + run.faults(),
        elections + run.elections(),
        restarts + run.restarts(),
        virtualTime.plusNanos(run.nanos()),
        trace);
  }

  SimulationReport withTrace(List<String> lines) {
    return new SimulationReport(
        seeds,
        committed,
        answered,
        refused,
        unknown,
        faults,
        elections,
        restarts,
        virtualTime,
        List.copyOf(lines));
  }
}
