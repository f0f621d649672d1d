package org.raftactors.core.replication;

/**
 * The leader's view of one follower. {@code 0 <= matchIndex < nextIndex} always holds. While
 * probing, one append at a time looks for the place where the logs agree; while replicating,
 * appends are pipelined optimistically; while a snapshot is on its way, nothing is sent.
 */
public final class Progress {

  /** How the follower is being served. */
  public enum State {
    /** Looking for the last common position, one append at a time. */
    PROBE,
    /** Appends are pipelined. */
    REPLICATE,
    /** Waiting for a snapshot to be installed. */
    SNAPSHOT
  }

  private final InflightWindow window;
  private State state = State.PROBE;
  private long matchIndex;
  private long nextIndex;
  private boolean probeSent;
  private boolean fetching;
  private boolean ackedSinceHeartbeat = true;
  private long lastContact;
  private long confirmedAt;
  private long ackedRound;
  private long snapshotIndex;
  private boolean located;
  private boolean sendingSnapshot;
  private long snapshotBackoff;
  private long snapshotRetryAt = Long.MIN_VALUE;

  /**
   * The view of a new leader: it knows nothing and probes at the end of its log.
   *
   * @param nextIndex the leader's last index + 1
   * @param now counts as contact, so that a new leader has a whole election timeout to hear from
   *     its followers
   * @param maxAppends bound of unacknowledged appends
   * @param maxBytes bound of unacknowledged bytes
   */
  public Progress(long nextIndex, long now, int maxAppends, long maxBytes) {
    this.nextIndex = nextIndex;
    this.lastContact = now;
    this.confirmedAt = now;
    this.window = new InflightWindow(maxAppends, maxBytes);
  }

  public State state() {
    return state;
  }

  public long matchIndex() {
    return matchIndex;
  }

  public long nextIndex() {
    return nextIndex;
  }

  /** What the snapshot that the follower needs must include at least. */
  public long snapshotIndex() {
    return snapshotIndex;
  }

  /** The lowest index that the log must still have for this follower. */
  public long neededFrom() {
    return (state == State.SNAPSHOT ? Math.max(matchIndex, snapshotIndex) : matchIndex) + 1;
  }

  /** Whether the follower has said where its log may agree, so that the next index is no guess. */
  public boolean isLocated() {
    return located;
  }

  public long lastContact() {
    return lastContact;
  }

  /** When it last acknowledged a heartbeat. */
  public long confirmedAt() {
    return confirmedAt;
  }

  public long ackedRound() {
    return ackedRound;
  }

  public long inflightBytes() {
    return window.bytes();
  }

  /**
   * Whether an append may leave now.
   *
   * @return false while a probe, a full window, a read-back or a snapshot is awaited
   */
  public boolean mayAppend() {
    return switch (state) {
      case PROBE -> !probeSent && !fetching;
      case REPLICATE -> window.hasRoom() && !fetching;
      case SNAPSHOT -> false;
    };
  }

  public boolean isProbing() {
    return state == State.PROBE;
  }

  /**
   * Notes an append that left.
   *
   * @param lastIndex its last index
   * @param bytes the size of its entries
   */
  public void appendSent(long lastIndex, long bytes) {
    if (state == State.PROBE) {
      probeSent = true;
    } else {
      nextIndex = lastIndex + 1;
      window.sent(lastIndex, bytes);
    }
  }

  public void contacted(long now) {
    lastContact = now;
  }

  /** A heartbeat was acknowledged. */
  public void confirmed(long now) {
    confirmedAt = now;
  }

  public void fetchStarted() {
    fetching = true;
  }

  public void fetchEnded() {
    fetching = false;
  }

  /**
   * The follower's log equals the leader's up to an index, durably. An old acknowledgement changes
   * nothing.
   *
   * @param index the acknowledged index
   */
  public void accepted(long index) {
    if (index < matchIndex) {
      return;
    }
    ackedSinceHeartbeat = true;
    matchIndex = index;
    nextIndex = Math.max(nextIndex, index + 1);
    window.acknowledged(index);
    boolean resumes = state == State.PROBE || (state == State.SNAPSHOT && index >= snapshotIndex);
    if (resumes) {
      snapshotMayBeTriedAgain();
      state = State.REPLICATE;
      nextIndex = index + 1;
      probeSent = false;
      window.clear();
    }
  }

  /**
   * The follower lacks an anchor.
   *
   * @param previousIndex the anchor that it rejected
   * @param agreeAt the leader's best guess of the last common index
   * @return false if the rejection is stale: of something acknowledged since, or not of the
   *     outstanding probe
   */
  public boolean rejected(long previousIndex, long agreeAt) {
    if (previousIndex <= matchIndex || state == State.SNAPSHOT) {
      return false;
    }
    if (state == State.PROBE && previousIndex != nextIndex - 1) {
      return false;
    }
    state = State.PROBE;
    probeSent = false;
    located = true;
    window.clear();
    nextIndex = Math.max(matchIndex + 1, Math.min(agreeAt + 1, previousIndex));
    return true;
  }

  /**
   * Notes a heartbeat's acknowledgement.
   *
   * @param round the round that it names
   * @return true if appends seem to be lost: nothing was acknowledged since the last heartbeat
   *     although appends are under way
   */
  public boolean heartbeatAcked(long round) {
    ackedRound = Math.max(ackedRound, round);
    boolean stalled = state == State.REPLICATE && !window.isEmpty() && !ackedSinceHeartbeat;
    ackedSinceHeartbeat = false;
    if (state == State.PROBE) {
      probeSent = false; // the answer may have been lost: ask again
    }
    return stalled;
  }

  /**
   * The leader's log no longer reaches back to what the follower lacks.
   *
   * @param index the index that the snapshot includes
   */
  public void snapshotNeeded(long index) {
    state = State.SNAPSHOT;
    snapshotIndex = index;
    window.clear();
  }

  /**
   * Whether a snapshot is to be sent now; if so, it counts as under way.
   *
   * @param now the current time
   * @return false while one is under way, and for a while after one that failed
   */
  public boolean startSnapshot(long now) {
    if (state != State.SNAPSHOT || sendingSnapshot || now < snapshotRetryAt) {
      return false;
    }
    sendingSnapshot = true;
    return true;
  }

  /**
   * A snapshot got through, or it did not. Another one waits, longer each time, until the follower
   * has acknowledged what one includes.
   *
   * @param now the current time
   * @param firstWait how long the first time
   * @param longestWait how long at most
   */
  public void snapshotEnded(long now, long firstWait, long longestWait) {
    sendingSnapshot = false;
    if (state == State.SNAPSHOT) {
      snapshotBackoff = Math.min(Math.max(firstWait, 2 * snapshotBackoff), longestWait);
      snapshotRetryAt = now + snapshotBackoff;
    }
  }

  /** Whatever kept snapshots from getting through is over. */
  public void snapshotMayBeTriedAgain() {
    snapshotBackoff = 0;
    snapshotRetryAt = Long.MIN_VALUE;
  }

  /**
   * The follower has all of a snapshot: where it stands shows a probe right behind that, which also
   * brings it back to replication.
   *
   * @param index what the snapshot includes
   */
  public void probeBehindSnapshot(long index) {
    if (state == State.SNAPSHOT) {
      probe(Math.max(matchIndex, index) + 1);
    }
  }

  /** The log is sent after all. */
  public void giveUpSnapshot() {
    if (state == State.SNAPSHOT) {
      probe(nextIndex);
    }
  }

  private void probe(long index) {
    state = State.PROBE;
    probeSent = false;
    located = false; // else a snapshot might be found cheaper at once, and again and again
    nextIndex = index;
  }
}
