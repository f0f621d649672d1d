package org.raftactors.core.log;

/**
 * An immutable entry of the replicated log (rule 2: nothing of it is ever rewritten).
 *
 * @param index 1-based position in the log
 * @param term the term of the leader that created it
 * @param timestampMillis wall-clock time of that leader in milliseconds since 1970, never
 *     decreasing along the log
 * @param kind what it means
 * @param payload the encoded command, empty for a no-op
 */
public record LogEntry(
    long index, long term, long timestampMillis, EntryKind kind, Payload payload) {

  /** What an entry costs besides its payload, in memory budgets and on the wire. */
  public static final int OVERHEAD_BYTES = 32;

  /**
   * The size that budgets count.
   *
   * @return payload plus overhead in bytes
   */
  public int sizeBytes() {
    return payload.length() + OVERHEAD_BYTES;
  }

  /** {@return where it stands in the log} */
  public LogPosition position() {
    return new LogPosition(index, term);
  }
}
