package org.raftactors.examples.chaos;

import org.raftactors.testkit.linearizability.RegisterInput;
import org.raftactors.testkit.linearizability.RegisterOutput;

/**
 * An operation with a result, and where in a log the answer says it stands.
 *
 * @param input what was asked for
 * @param output the result
 * @param stale whether a read was content with less than the newest
 * @param place where it stands
 * @param began when it was sent, in nanoseconds of the run
 * @param ended when its answer was there
 */
record Placed(
    RegisterInput input,
    RegisterOutput output,
    boolean stale,
    Place place,
    long began,
    long ended) {

  /**
   * A place in a log.
   *
   * @param partition whose log
   * @param term of the entry
   * @param index of the entry that was written; for a read, of the last one that it saw
   * @param shown where the value that a read shows was written, 0 for no value and for a write
   */
  record Place(long partition, long term, long index, long shown) {
    @Override
    public String toString() {
      return "index " + index + " (term " + term + ") of partition " + partition;
    }
  }

  boolean isWrite() {
    return !(input instanceof RegisterInput.Get);
  }

  /** Whether it certainly changed its key. */
  boolean changed() {
    return output instanceof RegisterOutput.Written
        || output instanceof RegisterOutput.Deleted
        || (output instanceof RegisterOutput.Compared compared && compared.swapped());
  }

  @Override
  public String toString() {
    return "%s%s -> %s at %s [%d, %d]"
        .formatted(stale ? "stale " : "", input, output, place, began, ended);
  }
}
