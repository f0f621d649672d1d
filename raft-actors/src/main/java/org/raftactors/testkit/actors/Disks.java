package org.raftactors.testkit.actors;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** The disks of a run, by persistence id. They outlive the nodes, and end with the run. */
final class Disks {

  private static final long SLOW_NANOS = 3_000_000_000L;

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

  /** There are many such operations for each of the others. */
  boolean failsFile() {
    return chance(readFailures / 10);
  }

  int between(int low, int high) {
    return (int) Randoms.between(random, low, high);
  }

  /** How long a thread waits for a disk: now and then for many elections' time. */
  long blockingNanos() {
    long most = chance(0.1) ? Math.max(maxLatencyNanos, SLOW_NANOS) : maxLatencyNanos;
    return Randoms.skewed(random, maxLatencyNanos / 100, most);
  }

  /** How many snapshots of state machines were written whole in this run. */
  long written() {
    return disks.values().stream().mapToLong(disk -> disk.files().written()).sum();
  }

  /** How many of them replicas got from others, whole. */
  long received() {
    return disks.values().stream().mapToLong(disk -> disk.files().received()).sum();
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
