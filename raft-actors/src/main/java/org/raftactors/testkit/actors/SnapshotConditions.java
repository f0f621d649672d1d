package org.raftactors.testkit.actors;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * How the replicas of one run take snapshots: as in production, which is never within a run, or all
 * the time, with hardly any log kept behind them, and sent in small parts.
 *
 * @param eager whether all the time
 * @param afterEntries after how many entries a snapshot is due
 * @param afterMillis or after how long
 * @param kept how many are kept
 * @param logEntries how much log is kept behind the newest
 * @param logBytes the same in bytes, also for followers that are further behind
 * @param chunkBytes what one message carries
 * @param chunks how many of them may be under way
 * @param resendMillis when a part is asked for again
 * @param compareEvery after how many entries the replicas compare what they have applied
 */
record SnapshotConditions(
    boolean eager,
    long afterEntries,
    long afterMillis,
    long kept,
    long logEntries,
    long logBytes,
    long chunkBytes,
    long chunks,
    long resendMillis,
    long compareEvery) {

  private static final long MIB = 1 << 20;

  static SnapshotConditions draw(RandomGenerator random, boolean allowed) {
    boolean eager = random.nextInt(3) > 0;
    return new SnapshotConditions(
        eager && allowed,
        Randoms.skewed(random, 1, 20),
        Randoms.between(random, 200, 5_000),
        Randoms.skewed(random, 1, 4),
        Randoms.skewed(random, 1, 20),
        random.nextBoolean() ? 1 : MIB,
        Randoms.skewed(random, 16, 1_000),
        Randoms.between(random, 1, 4),
        Randoms.between(random, 50, 1_000),
        Randoms.skewed(random, 1, 30));
  }

  /** The settings of the partition. */
  String settings() {
    if (!eager) {
      return "";
    }
    return String.join(
        "\n",
        List.of(
            "raft-actors.partition {",
            "snapshot-after-entries = " + afterEntries,
            "snapshot-after-time = " + afterMillis + "ms",
            "snapshot-growth = 0",
            "snapshots-kept = " + kept,
            "log-kept-entries = " + logEntries,
            "log-kept-bytes = " + logBytes,
            "log-kept-for-followers-bytes = " + logBytes,
            "snapshot-chunk-bytes = " + chunkBytes,
            "snapshot-window-bytes = " + chunks * chunkBytes,
            "snapshot-resend-after = " + resendMillis + "ms",
            "snapshot-timeout = " + 3 * resendMillis + "ms",
            "compare-state-every = " + compareEvery,
            "}"));
  }
}
