package org.raftactors.testkit.actors;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** The disks of a run, by persistence id. They outlive the nodes, and end with the run. */
final class Disks {

  private final EventLoop loop;
  private final Map<String, Disk> disks = new HashMap<>();
  private RandomGenerator random = new SplittableRandom(0);
  private Trace trace;
  private long maxLatencyNanos;
  private double readFailures;

  Disks(EventLoop loop) {
    this.loop = loop;
    this.trace = new Trace(loop);
  }

  /**
   * A new run begins: all disks are empty.
   *
   * @param generator of latencies and of what fails
   * @param latencyNanos the most that an operation takes
   * @param toTrace what operations are noted in
   */
  void begin(RandomGenerator generator, long latencyNanos, Trace toTrace) {
    disks.clear();
    random = generator;
    maxLatencyNanos = latencyNanos;
    readFailures = 0;
    trace = toTrace;
  }

  Disk of(String persistenceId) {
    return disks.computeIfAbsent(
        persistenceId, id -> new Disk("disk " + id.substring(id.lastIndexOf('|') + 1), this));
  }

  /** How likely it is that reading, or saving a snapshot, fails. */
  void readFailures(double probability) {
    readFailures = probability;
  }

  boolean failsRead() {
    return chance(readFailures);
  }

  boolean chance(double probability) {
    return Randoms.chance(random, probability);
  }

  long now() {
    return loop.now();
  }

  EventLoop.Timer afterLatency(Runnable action) {
    return loop.after(Randoms.skewed(random, maxLatencyNanos / 100, maxLatencyNanos), action);
  }

  void note(String disk, String what) {
    trace.add(disk, what);
  }
}
