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
   * How much of the log is kept behind a snapshot.
   *
   * @param tailEntries entries kept for slow followers, at most
   * @param tailBytes their size, about and at most
   * @param followersBytes the most that is kept for a follower that answers and is further behind
   */
  public record Retention(long tailEntries, long tailBytes, long followersBytes) {

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
      return new SavedSnapshot(
          base,
          oldestRetainedIndex,
          Math.max(durable.last().index() - tailEntries + 1, reachingBack(durable, tailBytes)),
          reachingBack(durable, followersBytes),
          durable.sequence().indexBefore(upToSnapshot - sizeBytes));
    }

    private static long reachingBack(DurableState durable, long bytes) {
      return durable.sequence().firstIndexAfter(durable.writtenBytes() - bytes);
    }
  }
}
