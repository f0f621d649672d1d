package org.raftactors;

import java.util.List;
import org.raftactors.codec.CborMessage;

/**
 * The answer to {@link ReadLog}.
 *
 * @param outcome whether it was read; only after {@link Outcome#READ} are there commands
 * @param commands committed ones, in the order of the log, without gaps: whatever committed lies
 *     between two of them is no command of the application
 * @param nextIndex where to go on: with the same index if nothing new is committed, with the first
 *     one that is left after {@link Outcome#COMPACTED}
 * @param commitIndex up to where this replica knows the log to be committed
 */
public record LogPage(
    Outcome outcome, List<LoggedCommand> commands, long nextIndex, long commitIndex)
    implements CborMessage {

  /** What became of the request. */
  public enum Outcome {
    /** It was read; there may be nothing new. */
    READ,
    /**
     * The log begins behind the index that was asked for: a snapshot has replaced what was before,
     * and no hold was in force, or not enough of the log is kept for it. What is missing is only in
     * the state: ask the state machine, then go on from {@link LogPage#nextIndex()}.
     */
    COMPACTED,
    /** An earlier request of this reader is not answered yet, or there are too many readers. */
    BUSY,
    /** The replica does not run, or its journal did not answer. Later, or elsewhere. */
    UNAVAILABLE
  }

  /**
   * A copy of the list.
   *
   * @param outcome what came of it
   * @param commands in the order of the log
   * @param nextIndex where to go on
   * @param commitIndex as far as the replica knows
   */
  public LogPage {
    commands = List.copyOf(commands);
  }
}
