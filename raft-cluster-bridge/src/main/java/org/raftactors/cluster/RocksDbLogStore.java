package org.raftactors.cluster;

import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.raftactors.LogStore;
import org.raftactors.PartitionSettings;
import org.raftactors.persistence.rocksdb.RocksDbCleanup;
import org.raftactors.persistence.rocksdb.RocksDbStore;
import org.raftactors.persistence.rocksdb.RocksDbStores;
import org.raftactors.persistence.rocksdb.RocksDbWriteHints;
import org.raftactors.persistence.rocksdb.StorePressure;

/** What the RocksDB store of a node offers to the replicas whose logs are in it. */
final class RocksDbLogStore implements LogStore {

  private static final Set<String> MARKED = Set.of(RocksDbWriteHints.MARKED);
  private static final Set<String> RESERVED = Set.of(RocksDbWriteHints.RESERVED);
  private static final Set<String> BOTH =
      Set.of(RocksDbWriteHints.MARKED, RocksDbWriteHints.RESERVED);

  private final RocksDbStore store;
  private final RocksDbCleanup cleanup;

  RocksDbLogStore(ActorSystem<?> system) {
    String path = Preconditions.storePath(system.settings().config());
    this.store = RocksDbStores.get(system).store(path);
    this.cleanup = new RocksDbCleanup(system, path);
  }

  @Override
  public boolean isDamage(Throwable failure) {
    return StoreDamage.isIn(failure);
  }

  @Override
  public Runnable watchDamage(
      ActorSystem<?> system, String persistenceId, Consumer<String> listener) {
    return store.watchDamage(persistenceId, listener);
  }

  @Override
  public boolean hasRoom(ActorSystem<?> system) {
    return store.pressure() == StorePressure.NONE;
  }

  @Override
  public boolean hasRoomToFinish(ActorSystem<?> system) {
    return store.pressure().compareTo(StorePressure.LOW) <= 0;
  }

  @Override
  public Set<String> tags(boolean changesVote, boolean hasCommands) {
    if (changesVote) {
      return hasCommands ? MARKED : BOTH;
    }
    return hasCommands ? Set.of() : RESERVED;
  }

  @Override
  public CompletionStage<Done> delete(
      ActorSystem<?> system,
      PartitionSettings settings,
      String persistenceId,
      long eventsTo,
      long snapshotsTo) {
    return cleanup
        .deleteEventsTo(persistenceId, eventsTo)
        .thenCompose(done -> cleanup.deleteSnapshotsTo(persistenceId, snapshotsTo));
  }
}
