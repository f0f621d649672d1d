package org.raftactors.persistence.rocksdb;

/**
 * What is known about a store as a whole: whether it still has everything that it acknowledged. A
 * damaged store does not open, so its verdict does not change by trying again; single damaged
 * journals in a sound store are told by {@link RocksDbStore#damages()}.
 *
 * @param kind what is known
 * @param detail a sentence for people; empty for a sound store
 */
public record StoreVerdict(Kind kind, String detail) {

  /** What can be known about a store. */
  public enum Kind {
    /** It is not open, which may pass, and nothing speaks against it. */
    UNKNOWN(false),
    /** It is open and agrees with its high-water mark. */
    SOUND(false),
    /** It is open but has no high-water mark, since {@code sync = off}. */
    UNMARKED(false),
    /** Its log ends before the mark: acknowledged writes were cut off, or files are older. */
    LOST_WRITES(true),
    /** It is not the continuation of what was marked: an older copy was put back and written on. */
    OTHER_HISTORY(true),
    /** The mark is of another store: the database was deleted or exchanged. */
    OTHER_STORE(true),
    /** The mark is gone, or older than the one that the database remembers. */
    MARK_LOST(true),
    /** Neither slot of the mark can be read. */
    MARK_DAMAGED(true),
    /** Files or records that concern the whole store are damaged. */
    DAMAGED_FILES(true);

    private final boolean damaged;

    Kind(boolean damaged) {
      this.damaged = damaged;
    }
  }

  /**
   * Whether acknowledged writes are lost, may be lost, or cannot be read. Whoever promised
   * something on the strength of this store must not go on as if it remembered all promises.
   *
   * @return true if the store must not be trusted
   */
  public boolean damaged() {
    return kind.damaged;
  }
}
