package org.raftactors.testkit.simulation.world;

import java.util.SplittableRandom;
import org.raftactors.testkit.simulation.plan.Parameters;

/** One direction between two replicas. */
final class Link {

  private final Parameters.Network shape;
  private final SplittableRandom random;
  private final boolean faulty;

  /** How many faults lose everything here at present. */
  private int cuts;

  /** Until when messages are held back. */
  private long cloggedUntil;

  private long answersHeldUntil;
  private long answersHeldBy;
  private int answersHeld;

  private long lastArrival;
  private boolean healthy;

  Link(Parameters.Network shape, SplittableRandom random) {
    this.shape = shape;
    this.random = random;
    this.faulty = random.nextInt(1000) < shape.faultyLinks();
  }

  void cut() {
    cuts++;
  }

  void mend() {
    cuts--;
  }

  boolean isCut() {
    return cuts > 0;
  }

  void clogUntil(long time) {
    cloggedUntil = Math.max(cloggedUntil, time);
  }

  /** A part of the answers that are sent until then come at any time within a span. */
  void holdAnswers(long until, long span, int thousandths) {
    answersHeldUntil = Math.max(answersHeldUntil, until);
    answersHeldBy = span;
    answersHeld = thousandths;
  }

  /** From now on messages arrive, and soon. */
  void heal() {
    cuts = 0;
    answersHeldUntil = 0;
    cloggedUntil = 0;
    healthy = true;
  }

  /** Whether a message gets lost. */
  boolean loses() {
    return faulty && !healthy && shape.drop() > 0 && random.nextInt(1000) < shape.drop();
  }

  /** When a message that is sent now arrives. */
  long arrival(long now, boolean isAnswer) {
    if (isAnswer && now < answersHeldUntil && random.nextInt(1000) < answersHeld) {
      return Math.max(now + random.nextLong(answersHeldBy), cloggedUntil);
    }
    boolean straggles =
        faulty
            && !healthy
            && shape.straggle() > 0
            && (isAnswer || !shape.answersStraggle())
            && random.nextInt(1000) < shape.straggle();
    if (straggles) {
      return Math.max(
          now + shape.delayMin() + random.nextLong(shape.duplicateSpan()), cloggedUntil);
    }
    long delay =
        healthy
            ? shape.delayMin() + (random.nextLong() >>> 45) // up to half a millisecond more
            : Delay.draw(random, shape.delayMin(), shape.delaySpan(), shape.tail());
    long arrival = Math.max(now + delay, cloggedUntil);
    if (shape.ordered()) {
      arrival = healthy ? arrival : Math.max(arrival, lastArrival);
      lastArrival = arrival;
    }
    return arrival;
  }

  /** When it arrives once more, -1 for never. */
  long secondArrival(long now) {
    if (!faulty || healthy || shape.duplicate() == 0) {
      return -1;
    }
    long bits = random.nextLong();
    boolean twice = ((bits >>> 33) * 1000) >>> 31 < shape.duplicate();
    return twice
        ? Math.max(
            now + Delay.draw(random, shape.delayMin(), shape.duplicateSpan(), 1), cloggedUntil)
        : -1;
  }
}
