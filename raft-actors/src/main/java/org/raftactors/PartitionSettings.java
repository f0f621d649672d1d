package org.raftactors;

import com.typesafe.config.Config;
import java.time.Duration;
import org.apache.pekko.actor.typed.ActorSystem;
import org.raftactors.core.CoreSettings;
import org.raftactors.core.SavedSnapshot;

/**
 * The settings of a partition, as they stand in {@code raft-actors.partition} and are documented
 * with their units and defaults in {@code reference.conf}. All replicas of a partition should have
 * the same.
 *
 * @param core what the protocol needs
 * @param snapshotEveryBytes how much is written between two snapshots of the durable state
 * @param restartBackoffMin the first wait before a crashed replica is started again
 * @param restartBackoffMax the longest such wait
 * @param fetchTimeout how long reading back from the journal may take
 * @param journalPluginId the journal, empty for Pekko's default
 * @param snapshotPluginId the snapshot store, empty for Pekko's default
 * @param readJournalPluginId the read journal of that journal
 * @param stateMachineDispatcher where state machines run, empty for the partition's dispatcher
 * @param snapshots of the state machine
 * @param compareStateEvery how many entries lie between two comparisons of what replicas applied
 * @param logRetention how much of the log is kept behind the newest snapshot
 * @param logReaders how many may follow the log of a replica at the same time
 */
public record PartitionSettings(
    CoreSettings core,
    long snapshotEveryBytes,
    Duration restartBackoffMin,
    Duration restartBackoffMax,
    Duration fetchTimeout,
    String journalPluginId,
    String snapshotPluginId,
    String readJournalPluginId,
    String stateMachineDispatcher,
    SnapshotSettings snapshots,
    long compareStateEvery,
    SavedSnapshot.Retention logRetention,
    int logReaders) {

  /** Where the settings stand. */
  static final String PATH = "raft-actors.partition";

  /**
   * The settings of an actor system.
   *
   * @param system whose configuration is read
   * @return valid settings
   * @throws IllegalArgumentException naming the key, its value and the rule that it breaks
   */
  public static PartitionSettings of(ActorSystem<?> system) {
    return of(system.settings().config());
  }

  /**
   * The settings of a configuration.
   *
   * @param config a whole configuration, with {@code reference.conf} behind it
   * @return valid settings
   * @throws IllegalArgumentException naming the key, its value and the rule that it breaks
   */
  public static PartitionSettings of(Config config) {
    return PartitionSettingsReader.read(config);
  }
}
