package org.raftactors.testkit.actors;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.raftactors.testkit.Fault;

/**
 * The shape of one run, drawn anew for each seed: one shape for all would find the same over and
 * over.
 *
 * @param faults the kinds that happen in this run
 * @param taskNanos the most virtual time that a step of an actor takes
 * @param minDelayNanos the least that a message between replicas takes
 * @param maxDelayNanos the most
 * @param loss how likely a message is lost
 * @param duplication how likely it arrives twice
 * @param diskNanos the most that an operation of a disk takes
 * @param readFailures how likely reading from a disk fails
 * @param faultPauseNanos the mean time between two faults
 * @param loadNanos how long faults happen, and about how long the clients are at work
 * @param smallBuffers whether the settings are so small that logs are read back from the journal
 * @param snapshots how often they are taken, and how much log is kept
 */
record Conditions(
    Set<Fault> faults,
    long taskNanos,
    long minDelayNanos,
    long maxDelayNanos,
    double loss,
    double duplication,
    long diskNanos,
    double readFailures,
    long faultPauseNanos,
    long loadNanos,
    boolean smallBuffers,
    SnapshotConditions snapshots) {

  private static final long MICRO = 1_000;
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1_000_000_000;

  static Conditions draw(RandomGenerator random, Set<Fault> allowed, boolean snapshots) {
    EnumSet<Fault> faults = EnumSet.noneOf(Fault.class);
    for (Fault fault : Fault.values()) {
      boolean drawn = random.nextInt(3) > 0;
      if (drawn && allowed.contains(fault)) {
        faults.add(fault);
      }
    }
    // Drawn in any case: a run without a kind of fault is otherwise the same.
    double loss = random.nextDouble() * 0.2;
    double duplication = random.nextDouble() * 0.2;
    double readFailures = random.nextDouble() * 0.1;
    return new Conditions(
        faults,
        Randoms.skewed(random, 0, 100 * MICRO),
        Randoms.skewed(random, 10 * MICRO, 2 * MILLI),
        Randoms.skewed(random, 2 * MILLI, 100 * MILLI),
        faults.contains(Fault.LOST_MESSAGES) ? loss : 0,
        faults.contains(Fault.DUPLICATED_MESSAGES) ? duplication : 0,
        Randoms.skewed(random, 100 * MICRO, 50 * MILLI),
        faults.contains(Fault.FAILING_DISKS) ? readFailures : 0,
        Randoms.between(random, SECOND / 2, 4 * SECOND),
        Randoms.between(random, 10 * SECOND, 30 * SECOND),
        random.nextInt(3) == 0,
        SnapshotConditions.draw(random, snapshots));
  }

  boolean has(Fault fault) {
    return faults.contains(fault);
  }

  /**
   * The settings of the partition.
   *
   * @param largestCommand in bytes
   */
  String settings(int largestCommand) {
    return (smallBuffers ? buffers(largestCommand) : "") + "\n" + snapshots.settings();
  }

  private static String buffers(int largestCommand) {
    int entry = Math.max(64, largestCommand);
    int append = 2 * (entry + 32);
    return String.join(
        "\n",
        List.of(
            "raft-actors.partition {",
            "max-entry-bytes = " + entry,
            "max-append-bytes = " + append,
            "max-write-bytes = " + append,
            "max-inflight-bytes = " + 2 * append,
            "max-inflight-appends = 2",
            "max-uncommitted-bytes = " + 8 * append,
            "max-apply-batch-bytes = " + append,
            "max-apply-backlog-bytes = " + 8 * append,
            "tail-bytes = " + append,
            "snapshot-every-bytes = " + 4 * append,
            "max-pending-reads = 4",
            "}"));
  }
}
