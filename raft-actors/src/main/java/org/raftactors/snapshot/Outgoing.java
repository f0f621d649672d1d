package org.raftactors.snapshot;

/**
 * The book of one transfer at its sender: what is next, up to where the receiver has room, and
 * which part is under way. Knows no actor and no disk.
 */
final class Outgoing {

  private final long sizeBytes;
  private long next;
  private long limit;
  private long from;
  private long to;
  private boolean underWay;

  Outgoing(long sizeBytes) {
    this.sizeBytes = sizeBytes;
  }

  /** The receiver asks for bytes. */
  void pulled(long offset, long bytes) {
    if (offset != limit) {
      // Something was lost, or it is another receiver. What is under way need not go twice.
      next = underWay && offset == from ? to : offset;
    }
    limit = Math.min(sizeBytes, offset + bytes);
  }

  /** Takes the next part, if there is one and none is under way. */
  boolean begin(int maxBytes) {
    if (underWay || next >= limit) {
      return false;
    }
    underWay = true;
    from = next;
    to = Math.min(limit, from + maxBytes);
    next = to;
    return true;
  }

  /** Where the part that is under way begins. */
  long offset() {
    return from;
  }

  int length() {
    return (int) (to - from);
  }

  void done() {
    underWay = false;
  }
}
