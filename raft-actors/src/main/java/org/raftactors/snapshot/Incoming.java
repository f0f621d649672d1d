package org.raftactors.snapshot;

import org.jspecify.annotations.Nullable;
import org.raftactors.codec.SnapshotMessage;
import org.raftactors.core.membership.ReplicaId;

/**
 * The book of one transfer at its receiver: what was asked for, what came, what is written. Always
 * written <= received <= asked for, and at most one window between the first and the last. Knows no
 * actor and no disk.
 */
final class Incoming {

  /** Bytes to be asked for. */
  record Range(long offset, long bytes) {
    /** A sign of life. */
    static final Range NOTHING = new Range(0, 0);
  }

  /** What to do with a part. */
  enum Verdict {
    NEXT,
    GAP,
    USELESS
  }

  /** What a step on disk came to: so much is written, or all of it is whole, or a failure. */
  record Step(long written, @Nullable SnapshotInfo whole, @Nullable Throwable failure) {
    static Step written(long bytes) {
      return new Step(bytes, null, null);
    }

    static Step whole(SnapshotInfo info) {
      return new Step(info.sizeBytes(), info, null);
    }

    static Step failed(@Nullable Throwable failure) {
      return new Step(0, null, failure != null ? failure : new IllegalStateException("no outcome"));
    }
  }

  private enum State {
    OPENING,
    RECEIVING,
    COMPLETING
  }

  private final long number;
  private final long window;
  private ReplicaId from;
  private SnapshotMessage.Offer offer;
  private State state = State.OPENING;
  private boolean damagedBefore;
  private long written;
  private long received;
  private long asked;
  private boolean gapReported;
  private long progressAt;

  Incoming(long number, ReplicaId from, SnapshotMessage.Offer offer, long window, long now) {
    this.number = number;
    this.from = from;
    this.offer = offer;
    this.window = window;
    this.progressAt = now;
  }

  /** The same once more, after what came turned out to be damaged. */
  Incoming fromTheStart(long newNumber) {
    Incoming again = new Incoming(newNumber, from, offer, window, progressAt);
    again.damagedBefore = true;
    return again;
  }

  long number() {
    return number;
  }

  ReplicaId from() {
    return from;
  }

  SnapshotMessage.Offer offer() {
    return offer;
  }

  boolean damagedBefore() {
    return damagedBefore;
  }

  boolean isReceiving() {
    return state == State.RECEIVING;
  }

  long writtenBytes() {
    return written;
  }

  long progressAt() {
    return progressAt;
  }

  /** Whether it is this side that others wait for. */
  boolean isBusyHere() {
    return state != State.RECEIVING || received > written;
  }

  /** The same file from somebody else, or from a new sender. */
  void offeredBy(ReplicaId newFrom, SnapshotMessage.Offer newOffer) {
    from = newFrom;
    offer = newOffer;
  }

  Verdict accept(SnapshotMessage.Chunk chunk, long now) {
    long length = chunk.data().length();
    if (state != State.RECEIVING
        || chunk.file() != offer.file()
        || chunk.offset() < received
        || length == 0
        || chunk.offset() + length > asked) {
      return Verdict.USELESS;
    }
    if (chunk.offset() > received || !chunk.data().isIntact()) {
      boolean first = !gapReported;
      gapReported = true;
      return first ? Verdict.GAP : Verdict.USELESS;
    }
    received += length;
    gapReported = false;
    progressAt = now;
    return Verdict.NEXT;
  }

  /** So much is in the stage now. */
  void written(long bytes, long now) {
    if (state == State.OPENING) {
      state = State.RECEIVING;
      received = bytes;
      asked = bytes;
    }
    written = bytes;
    progressAt = now;
  }

  boolean isWritten() {
    return state == State.RECEIVING && written >= offer.sizeBytes();
  }

  void completing() {
    state = State.COMPLETING;
  }

  /** What to ask for in addition, if it is worth a message: half a window, or what is left. */
  @Nullable Range more() {
    long upTo = Math.min(offer.sizeBytes(), written + window);
    boolean worthIt = upTo - asked >= window / 2 || upTo == offer.sizeBytes();
    if (!worthIt || upTo <= asked) {
      return null;
    }
    Range range = new Range(asked, upTo - asked);
    asked = upTo;
    return range;
  }

  /** What to ask for once more: all that has not come. */
  @Nullable Range again() {
    long upTo = Math.min(offer.sizeBytes(), written + window);
    asked = Math.max(asked, upTo);
    return asked > received ? new Range(received, asked - received) : null;
  }
}
