package org.raftactors;

import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * What a replica needs of the storage behind its journal beyond what every Pekko journal offers.
 * Written as a lambda it only tells damage; the rest then goes through the journal plugin itself.
 */
@FunctionalInterface
public interface LogStore {

  /**
   * Whether an exception means that the journal, or its snapshot, is damaged or of a version that
   * its plugin cannot read; then the replica stays stopped. Asked for each exception of a failure's
   * cause chain, on any thread; must have no state and not throw. Only the plugin's own exceptions
   * tell damage from what passes, such as a busy disk. If this knows none of them ({@code failure
   * -> false}), a replica that has lost entries is started again for ever, and may vote and lead
   * between. For {@code raft-persistence-rocksdb} it is true of a {@code RocksDbStoreException}
   * with the reason {@code CORRUPTED} or {@code FORMAT}.
   *
   * @param failure what the journal or the snapshot store threw
   * @return whether a restart would only repeat or hide it
   */
  boolean isDamage(Throwable failure);

  /**
   * Tells a replica as soon as what is stored under its persistence id is known to be damaged, also
   * by somebody else than the replica, such as a check after a power failure: what it has promised
   * may be forgotten then, so it stops for good. Called at each start of the replica, on its
   * thread: no I/O.
   *
   * @param system whose journal it is
   * @param persistenceId of the replica
   * @param listener told once, on any thread, what is damaged and where; at once if that is known
   *     already
   * @return run when the replica ends
   */
  default Runnable watchDamage(
      ActorSystem<?> system, String persistenceId, Consumer<String> listener) {
    return () -> {};
  }

  /**
   * Whether the storage has room for new work. While it has none, the replica takes no proposals as
   * a leader, but goes on with everything else: it votes, leads, finishes what was proposed, and
   * serves reads. Called for each proposal, on the replica's thread: no I/O.
   *
   * @param system whose journal it is
   * @return false well before {@link #hasRoomToFinish} is
   */
  default boolean hasRoom(ActorSystem<?> system) {
    return true;
  }

  /**
   * Whether the storage has room for what leaders have taken already. While it has none, the
   * replica takes no commands as a follower either. A new leader cannot begin before a majority has
   * taken what it found in its own log: as long as all others are without this room, that may have
   * to wait. Called for each message with commands, on the replica's thread: no I/O.
   *
   * @param system whose journal it is
   * @return false well before writes fail, so that votes can still be written
   */
  default boolean hasRoomToFinish(ActorSystem<?> system) {
    return true;
  }

  /**
   * Tags that an event is handed to the journal with, for a journal that makes something of them.
   *
   * @param changesVote whether the event changes term or vote: what must never be forgotten
   *     unnoticed
   * @param hasCommands whether it holds commands; without, it is small, and the replica needs it to
   *     take part in elections
   * @return tags, none for a journal that keeps them
   */
  default Set<String> tags(boolean changesVote, boolean hasCommands) {
    return Set.of();
  }

  /**
   * Deletes what a replica does not need any more: events that a snapshot of the state machine
   * replaces, and older states of its log. Called on the replica's thread, one call at a time for
   * each replica; a call that fails is made again with the next snapshot.
   *
   * @param system whose journal it is
   * @param settings names the plugins
   * @param persistenceId of the replica
   * @param eventsTo the sequence number of the last event to delete, 0 for none
   * @param snapshotsTo the sequence number of the last state of the log to delete, 0 for none
   * @return completed when it is done
   */
  default CompletionStage<Done> delete(
      ActorSystem<?> system,
      PartitionSettings settings,
      String persistenceId,
      long eventsTo,
      long snapshotsTo) {
    return PluginDeletion.delete(system, settings, persistenceId, eventsTo, snapshotsTo);
  }
}
