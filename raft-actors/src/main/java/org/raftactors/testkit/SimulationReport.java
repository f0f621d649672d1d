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
 * @param snapshots that replicas have written
 * @param received snapshots that replicas have got from others
 * @param restored states that replicas have taken over from a snapshot, at a start or later
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
    long snapshots,
    long received,
    long restored,
    Duration virtualTime,
    List<String> trace) {

  static final SimulationReport EMPTY =
      new SimulationReport(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Duration.ZERO, List.of());

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
        snapshots + run.snapshots(),
        received + run.received(),
        restored + run.restored(),
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
        snapshots,
        received,
        restored,
        virtualTime,
        List.copyOf(lines));
  }
}
