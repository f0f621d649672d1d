package org.raftactors.persistence.rocksdb.internal;

import org.jspecify.annotations.Nullable;
import org.raftactors.persistence.rocksdb.StoreVerdict;
import org.raftactors.persistence.rocksdb.StoreVerdict.Kind;

/**
 * Compares what the database says of its history with the mark beside it. No I/O: every row of the
 * decision is a case of a test.
 */
final class MarkCheck {

  private static final StoreVerdict SOUND = new StoreVerdict(Kind.SOUND, "");

  private MarkCheck() {}

  /** Without a file: a store that never had a mark gets one, others have lost theirs. */
  static StoreVerdict withoutFile(HistoryEntry history) {
    return history.marks() == 0
        ? SOUND
        : verdict(
            Kind.MARK_LOST,
            "its high-water mark is missing: whether it has lost its end cannot be known");
  }

  /** With a file, of which at least one slot should be readable. */
  static StoreVerdict withFile(
      StoreIdentity store, HistoryEntry history, MarkFile.Content content) {
    Mark mark = content.newest();
    if (mark == null) {
      return verdict(Kind.MARK_DAMAGED, "both slots of its high-water mark are damaged");
    }
    if (!mark.storeId().equals(store.storeId())) {
      return verdict(
          Kind.OTHER_STORE,
          "its mark is that of the store %s, but the database is %s"
              .formatted(
                  mark.storeId(), store.created() ? "gone" : "the store " + store.storeId()));
    }
    StorePosition now = history.position();
    StorePosition marked = mark.position();
    if (now.batch() < marked.batch()) {
      return verdict(
          Kind.LOST_WRITES,
          "its log ends at batch %d, but it was synced up to batch %d; files were cut off, removed or replaced by older ones"
              .formatted(now.batch(), marked.batch()));
    }
    if (now.batch() == marked.batch()) {
      return now.equals(marked) ? SOUND : otherHistory(marked);
    }
    return remembered(history, mark, content.otherDamaged());
  }

  /** The database goes beyond the mark, so it must remember this mark or a later one. */
  private static StoreVerdict remembered(
      HistoryEntry history, Mark mark, boolean otherSlotDamaged) {
    if (history.marks() < mark.count()) {
      return otherHistory(mark.position());
    }
    if (history.marks() == mark.count()) {
      return history.marked().equals(mark.position()) ? SOUND : otherHistory(mark.position());
    }
    // A damaged slot may have held the one that is remembered: then it is in the database as well.
    return otherSlotDamaged && history.marks() == mark.count() + 1
        ? SOUND
        : verdict(
            Kind.MARK_LOST,
            "its high-water mark number %d is older than number %d, which the database remembers; whether it has lost its end cannot be known"
                .formatted(mark.count(), history.marks()));
  }

  private static StoreVerdict otherHistory(@Nullable StorePosition marked) {
    return verdict(
        Kind.OTHER_HISTORY,
        "it does not continue what was synced and marked (%s): an older copy was put in its place and written to"
            .formatted(marked));
  }

  private static StoreVerdict verdict(Kind kind, String detail) {
    return new StoreVerdict(kind, detail);
  }
}
