package org.raftactors.core;

import org.raftactors.core.log.SnapshotBase;
import org.raftactors.core.write.DurableState;

/**
 * A snapshot of the state machine that is durable here, and what of the log may go because of it.
 *
 * @param base what it holds: the state as of exactly this position
 * @param oldestRetainedIndex the index of the oldest snapshot that is kept beside it: the log must
 *     reach back to there, so that one that turns out to be damaged can be done without
 * @param tailFrom the lowest index that is kept for slow followers, whatever becomes of them
 * @param followersFrom the lowest index that is kept while a follower that answers needs it
 * @param cheaperBelow a follower whose next index lies below this is sent the snapshot, since the
 *     entries up to it are larger
 */
public record SavedSnapshot(
    SnapshotBase base,
    long oldestRetainedIndex,
    long tailFrom,
    long followersFrom,
    long cheaperBelow) {

  /**
   * The same with more of the log kept.
   *
   * @param index the lowest index that is kept, if it is lower than what would be kept anyway
   * @return what may go then
   */
  public SavedSnapshot keepingFrom(long index) {
    return index >= tailFrom
        ? this
        : new SavedSnapshot(base, oldestRetainedIndex, index, followersFrom, cheaperBelow);
  }

  /**
   * How much of the log is kept behind a snapshot.
   *
   * @param tailEntries entries kept for slow followers, at most
   * @param tailBytes their size, to about a MiB
   * @param followersBytes the most that is kept for a follower that answers and is further behind;
   *     twice the size of the snapshot if that is more, since sending it takes its time
   * @param readersBytes the most that is kept for those who follow the log
   */
  public record Retention(
      long tailEntries, long tailBytes, long followersBytes, long readersBytes) {

    /** Less than that is sent as log, however small the state is. */
    private static final long LEAST_GAIN_BYTES = 4 << 20;

    /**
     * What a snapshot lets go.
     *
     * @param base the snapshot
     * @param sizeBytes its size
     * @param oldestRetainedIndex of the oldest snapshot that is kept
     * @param durable the state of the log, which knows how large its parts are
     * @return the indexes
     */
    public SavedSnapshot afterSaving(
        SnapshotBase base, long sizeBytes, long oldestRetainedIndex, DurableState durable) {
      long upToSnapshot = durable.sequence().bytesBefore(base.position().index() + 1);
      long gain = Math.max(2 * sizeBytes, LEAST_GAIN_BYTES);
      return new SavedSnapshot(
          base,
          oldestRetainedIndex,
          Math.max(durable.last().index() - tailEntries + 1, reachingBack(durable, tailBytes)),
          reachingBack(durable, Math.max(followersBytes, 2 * sizeBytes)),
          durable.sequence().indexBefore(upToSnapshot - gain));
    }

    /**
     * How far back the log is kept at most for those who follow it.
     *
     * @param durable the state of the log
     * @return the lowest index
     */
    public long readersFrom(DurableState durable) {
      return reachingBack(durable, readersBytes);
    }

    /** Rather a little more than asked for: how large the log is, is known to a pair only. */
    private static long reachingBack(DurableState durable, long bytes) {
      return durable.sequence().indexBefore(durable.writtenBytes() - bytes);
    }
  }
}
