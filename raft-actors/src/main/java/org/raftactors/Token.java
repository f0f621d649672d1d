package org.raftactors;

/**
 * A point in a partition's history: what happened up to and including this log position. A client
 * that hands it back can demand to read at least that.
 *
 * @param partition the partition
 * @param generation of the partition's configuration and key range; 1 for one that never changed
 * @param term the term of the entry at the index
 * @param index the log index
 */
public record Token(PartitionId partition, long generation, long term, long index) {

  /**
   * The text form, for headers and logs.
   *
   * @return four numbers joined by dots: partition, generation, term, index
   */
  public String asText() {
    return partition.value() + "." + generation + "." + term + "." + index;
  }

  /**
   * Reads the text form.
   *
   * @param text as {@link #asText()} writes it
   * @return the token
   * @throws IllegalArgumentException naming the text, if it is not of that form
   */
  public static Token parse(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length == 4) {
      try {
        return new Token(
            new PartitionId(Long.parseLong(parts[0])),
            Long.parseLong(parts[1]),
            Long.parseLong(parts[2]),
            Long.parseLong(parts[3]));
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("not a token: '" + text + "'", e);
      }
    }
    throw new IllegalArgumentException(
        "not a token: '" + text + "' (expected partition.generation.term.index)");
  }
}
