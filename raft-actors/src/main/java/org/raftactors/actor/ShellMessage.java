package org.raftactors.actor;

import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import org.raftactors.RaftPartition;
import org.raftactors.core.Effect;
import org.raftactors.core.log.LogEntry;

/** What the parts of a replica tell each other. None of it leaves the process. */
sealed interface ShellMessage extends RaftPartition.Command {

  /** To self, behind what is in the mailbox: write all that gathered. At most one is under way. */
  enum WriteNext implements ShellMessage {
    INSTANCE
  }

  /** Time to look at the core's deadlines. One that comes late or for nothing is harmless. */
  enum Tick implements ShellMessage {
    INSTANCE
  }

  /**
   * From the state machine's host: applied and answered.
   *
   * @param index of the last entry of the batch
   * @param bytes of its entries
   */
  record Applied(long index, long bytes) implements ShellMessage {}

  /**
   * From the state machine's host: to be compared with the others'.
   *
   * @param index up to where all was applied
   * @param digest of that
   */
  record Digested(long index, long digest) implements ShellMessage {}

  /**
   * From the journal's reader.
   *
   * @param fetch what was asked for
   * @param entries what was found, empty after a failure
   * @param failure why nothing was found
   */
  record Fetched(Effect.Fetch fetch, List<LogEntry> entries, @Nullable Throwable failure)
      implements ShellMessage {}

  /**
   * From the journal's reader, for one who follows the log.
   *
   * @param reader who asked
   * @param fromIndex what was asked for
   * @param entries what was found, empty after a failure
   * @param failure why nothing was found
   */
  record LogRead(String reader, long fromIndex, List<LogEntry> entries, @Nullable Throwable failure)
      implements ShellMessage {}

  /**
   * The deletion of events has ended.
   *
   * @param to the sequence number of the last one
   * @param failure why they were not deleted, null if they were
   */
  record Deleted(long to, @Nullable Throwable failure) implements ShellMessage {}

  /** To the parent: the replica has recovered. */
  enum Running implements ShellMessage {
    INSTANCE
  }

  /**
   * To the parent: this replica has crashed, and answers what was sent to it until {@link DieNow}.
   *
   * @param replica the actor
   * @param cause what ended it
   */
  record Dying(ActorRef<RaftPartition.Command> replica, Throwable cause) implements ShellMessage {}

  /** From the parent: nothing more is passed on. Behind it, no client waits in the mailbox. */
  enum DieNow implements ShellMessage {
    INSTANCE
  }

  /**
   * To the parent: the replica may be started.
   *
   * @param start as which
   */
  record Turn(Starts.Start start) implements ShellMessage {}

  /** To the parent, by itself: the back-off is over. */
  enum Respawn implements ShellMessage {
    INSTANCE
  }
}
