package org.raftactors.actor;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.raftactors.core.membership.Configuration;
import org.raftactors.core.membership.Quorum;
import org.raftactors.core.membership.ReplicaId;

/**
 * Compares what the replicas say about the state that they have applied up to the same index.
 * Belongs to one incarnation; keeps the reports of a few indexes, of members only.
 *
 * <p>Where a majority of the voters agrees on something else than this replica, this replica is the
 * odd one out and must not answer any more. Where somebody else differs, that is an alarm here, and
 * that replica's own affair: it hears the same reports.
 */
final class DigestComparison {

  /** What this replica has to conclude. */
  enum Verdict {
    /** Nothing new. */
    FINE,
    /** Another replica differs: to be said once. */
    OTHER_DIFFERS,
    /** A majority differs from this replica: it must stop. */
    SELF_DIFFERS
  }

  /** How many indexes are remembered: slower replicas report theirs late. */
  private static final int REMEMBERED = 16;

  private final ReplicaId self;
  private final TreeMap<Long, Map<ReplicaId, Long>> reports = new TreeMap<>();
  private @Nullable String detail;
  private long alarmedAt = -1;

  DigestComparison(ReplicaId self) {
    this.self = self;
  }

  /** What the last verdict that was not fine was about. */
  String detail() {
    return detail == null ? "" : detail;
  }

  /**
   * Takes a report.
   *
   * @param replica whose it is, this one's too
   * @param index what it has applied
   * @param digest of that
   * @param members whose reports count
   * @return what to do about it
   */
  Verdict report(ReplicaId replica, long index, long digest, Configuration members) {
    boolean tooOld = reports.size() == REMEMBERED && index < reports.firstKey();
    if (tooOld || !members.members().contains(replica)) {
      return Verdict.FINE;
    }
    Map<ReplicaId, Long> atIndex = reports.computeIfAbsent(index, key -> new LinkedHashMap<>());
    atIndex.put(replica, digest);
    if (reports.size() > REMEMBERED) {
      reports.pollFirstEntry();
    }
    Long own = atIndex.get(self);
    return own == null ? Verdict.FINE : judge(index, own, atIndex, members);
  }

  private Verdict judge(long index, long own, Map<ReplicaId, Long> atIndex, Configuration members) {
    Verdict verdict = Verdict.FINE;
    for (long other : atIndex.values()) {
      if (other != own) {
        boolean majority =
            Quorum.reached(members, voter -> Long.valueOf(other).equals(atIndex.get(voter)));
        if (majority) {
          detail = describe(index, atIndex);
          return Verdict.SELF_DIFFERS;
        }
        verdict = Verdict.OTHER_DIFFERS;
      }
    }
    if (verdict == Verdict.OTHER_DIFFERS) {
      if (index == alarmedAt) {
        return Verdict.FINE;
      }
      alarmedAt = index;
      detail = describe(index, atIndex);
    }
    return verdict;
  }

  private static String describe(long index, Map<ReplicaId, Long> atIndex) {
    StringBuilder text = new StringBuilder("at index ").append(index);
    atIndex.forEach(
        (replica, digest) ->
            text.append(", ").append(replica).append(" has ").append(Long.toHexString(digest)));
    return text.toString();
  }
}
