package org.raftactors;

import java.util.concurrent.CompletionStage;
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
