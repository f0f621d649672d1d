package org.raftactors.testkit.simulation.plan;

import java.util.SplittableRandom;
import org.raftactors.core.CoreSettings;
import org.raftactors.testkit.simulation.plan.Parameters.Disk;
import org.raftactors.testkit.simulation.plan.Parameters.Host;
import org.raftactors.testkit.simulation.plan.Parameters.Load;
import org.raftactors.testkit.simulation.plan.Parameters.Network;
import org.raftactors.testkit.simulation.plan.Parameters.Snapshots;

/**
 * Draws the shape of a schedule. Each differs from the next in as much as possible, down to what is
 * absent: many shapes find more than many runs of one.
 */
final class Swarm {

  static final long MICRO = 1_000;
  static final long MILLI = 1_000_000;

  private static final int[] VOTERS = {1, 2, 3, 3, 3, 3, 3, 3, 4, 5, 5, 5, 5, 6, 7};
  private static final int ENTRY_OVERHEAD = 32;
  private static final int PLENTY = 1 << 20;

  private final SplittableRandom random;

  private Swarm(SplittableRandom random) {
    this.random = random;
  }

  /** What is decided about snapshots has its own generator, and leaves the rest as it is. */
  static Parameters draw(SplittableRandom random, SplittableRandom ofSnapshots) {
    return new Swarm(random).parameters(new Swarm(ofSnapshots));
  }

  private Parameters parameters(Swarm ofSnapshots) {
    int voters = VOTERS[random.nextInt(VOTERS.length)];
    int learners = oneIn(4) ? 1 + random.nextInt(2) : 0;
    Load load = load();
    CoreSettings settings = settings(21 + load.padding());
    long timeout = settings.electionTimeoutMin();
    return new Parameters(
        voters,
        learners,
        settings,
        timeout * (4 + random.nextInt(oneIn(4) ? 60 : 16)),
        network(timeout),
        disk(timeout),
        host(timeout),
        load,
        ofSnapshots.snapshots(timeout));
  }

  private Snapshots snapshots(long timeout) {
    int tail = oneIn(2) ? 0 : random.nextInt(16) >> random.nextInt(4);
    return new Snapshots(
        oneIn(3) ? 0 : 1 + (random.nextInt(16) >> random.nextInt(5)),
        oneIn(2) ? 1 : 1 + random.nextInt(3),
        tail,
        oneIn(3) ? tail + random.nextInt(100) : tail,
        oneIn(3) ? -1 : random.nextInt(16) >> random.nextInt(4),
        span(2 * timeout),
        span(4 * timeout),
        chance(300),
        chance(300),
        oneIn(2) ? 0 : chance(700),
        chance(200));
  }

  private CoreSettings settings(int payload) {
    long timeoutMin = (50 + random.nextInt(200)) * MILLI;
    // A range that is not far above the time of an election would make candidates meet again and
    // again.
    long timeoutMax = timeoutMin + timeoutMin / 2 + random.nextLong(3 * timeoutMin);
    long heartbeat = timeoutMin / (2 + random.nextInt(8));
    boolean tiny = oneIn(2);
    return new CoreSettings(
        timeoutMin,
        timeoutMax,
        heartbeat,
        stallTimeout(timeoutMin),
        size(tiny, payload, 6),
        size(tiny, payload, 20),
        tiny ? 1 + random.nextInt(4) : 64,
        size(tiny, payload, 6),
        payload,
        size(tiny, payload, 30),
        size(tiny, payload, 6),
        size(tiny, payload, 20),
        oneIn(2) ? PLENTY : random.nextInt(10 * payload),
        tiny ? 1 + random.nextInt(5) : 1_000,
        1 + (int) (timeoutMin % 3)); // not drawn: other draws stay what they were
  }

  /** A limit: ample, or of a few entries, down to one. */
  private int size(boolean tiny, int payload, int entries) {
    int entry = payload + ENTRY_OVERHEAD;
    return tiny && oneIn(2) ? entry + random.nextInt(entries * entry) : PLENTY;
  }

  /** From as short as an election time-out, so that slow writes stall too, to never. */
  private long stallTimeout(long timeoutMin) {
    return switch (random.nextInt(3)) {
      case 0 -> timeoutMin + random.nextLong(timeoutMin);
      case 1 -> timeoutMin + random.nextLong(10 * timeoutMin);
      default -> 100_000 * MILLI;
    };
  }

  private Network network(long timeout) {
    return new Network(
        10 * MICRO + random.nextLong(timeout / 50),
        span(timeout / 4),
        oneIn(3) ? 0 : random.nextInt(8),
        chance(300),
        chance(300),
        span(10 * timeout),
        oneIn(2),
        chance(100),
        oneIn(2),
        250 * (1 + random.nextInt(4)));
  }

  private Disk disk(long timeout) {
    return new Disk(
        oneIn(4) ? 0 : 10 * MICRO + random.nextLong(timeout / 50),
        span(timeout / 4),
        oneIn(3) ? 0 : random.nextInt(6),
        random.nextInt(1001),
        span(timeout / 2),
        chance(300),
        chance(500),
        oneIn(2) ? PLENTY : random.nextInt(4_000));
  }

  private Host host(long timeout) {
    return new Host(
        oneIn(2) ? 0 : span(timeout / 20),
        oneIn(2) ? 0 : span(timeout / 2),
        oneIn(2) ? 0 : span(timeout / 2),
        oneIn(2) ? 0 : random.nextInt(200_000),
        span(timeout),
        oneIn(3) ? 1 + random.nextInt(30) : 0);
  }

  private Load load() {
    int clients = 1 + random.nextInt(6);
    return new Load(
        clients,
        1 + random.nextInt(4),
        clients * span(40 * MILLI),
        20 * MILLI + random.nextLong(1_000 * MILLI),
        oneIn(2) ? 0 : random.nextInt(100),
        chance(100),
        !oneIn(4));
  }

  /** Up to a limit, and of any order of magnitude below it. */
  private long span(long limit) {
    return 1 + (random.nextLong(limit) >> random.nextInt(10));
  }

  /** Absent in half of the schedules. */
  private int chance(int limit) {
    return oneIn(2) ? 0 : 1 + random.nextInt(limit);
  }

  private boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }
}
