package org.raftactors.testkit.actors;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How old a stale read may be. Its bound counts from when its replica handled a message of its
 * leader: before that, the message was on its way, was held up by a process that stood still, and
 * came from a leader that may have been replaced, which it does not know for an election timeout.
 */
final class Staleness {

  /** Clocks run by so much faster or slower, and a bit more. */
  private static final double DRIFT = 1.06;

  private record Pause(long from, long to) {}

  private final Findings findings;
  private final long slackNanos;
  private final TreeMap<Long, Long> appliedAt = new TreeMap<>();
  private final List<Pause> pauses = new ArrayList<>();

  /**
   * Of a run.
   *
   * @param electionNanos the longest that a leader goes on without a majority
   * @param delayNanos the longest that a message takes
   */
  Staleness(Findings findings, long electionNanos, long delayNanos) {
    this.findings = findings;
    // Two of the delay: what waits for another message of the same direction.
    this.slackNanos = (long) (electionNanos * DRIFT) + 2 * delayNanos;
  }

  /** A replica is the first to have applied an index. */
  void applied(long index, long now) {
    long highest = appliedAt.isEmpty() ? 0 : appliedAt.lastEntry().getValue();
    appliedAt.put(now, Math.max(highest, index));
  }

  /** A process stood still. */
  void stoodStill(long from, long to) {
    pauses.add(new Pause(from, to));
  }

  /**
   * A replica has answered.
   *
   * @param what the read
   * @param sent when it was asked, or earlier
   * @param maxLagNanos the read's bound
   * @param index up to which the answer goes
   */
  void answered(Object what, long sent, long maxLagNanos, long index) {
    long oldest = oldest(sent - (long) (maxLagNanos * DRIFT) - slackNanos);
    Map.Entry<Long, Long> known = appliedAt.lowerEntry(oldest);
    if (known != null && index < known.getValue()) {
      findings.violated(
          Checks.STALE_READS,
          "%s is answered from index %d, although index %d was applied %d ms before it was sent"
              .formatted(what, index, known.getValue(), (sent - known.getKey()) / 1_000_000));
    }
  }

  private long oldest(long from) {
    long oldest = from;
    boolean moved = true;
    while (moved) {
      moved = false;
      for (Pause pause : pauses) {
        long before = pause.from() - slackNanos;
        if (pause.to() >= oldest && before < oldest) {
          oldest = before;
          moved = true;
        }
      }
    }
    return oldest;
  }
}
