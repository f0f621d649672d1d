package org.raftactors.persistence.rocksdb.snapshot;

import com.typesafe.config.Config;
import java.util.Optional;
import org.apache.pekko.persistence.SelectedSnapshot;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.apache.pekko.persistence.snapshot.japi.SnapshotStore;
import org.raftactors.persistence.rocksdb.internal.SnapshotOperations;
import org.raftactors.persistence.rocksdb.internal.SnapshotSelection;
import scala.concurrent.Future;

/**
 * The snapshot store plugin, {@code raft-actors.persistence.rocksdb.snapshot}. States: none of its
 * own. A snapshot is durable when saving it is answered with success; it shares writer, batch and
 * sync with the journal. A crash leaves it whole or not at all.
 *
 * <p>A snapshot is one value: it must fit in {@code max-queued-bytes} and is in memory several
 * times while it is saved or loaded. One that cannot be read fails the load; an older one does not
 * take its place, because the events between the two may have been deleted.
 */
public final class RocksDbSnapshotStore extends SnapshotStore {

  private final SnapshotOperations store;

  /**
   * Called by Pekko.
   *
   * @param config the plugin's section
   */
  public RocksDbSnapshotStore(Config config) {
    this.store = new SnapshotOperations(context().system(), config.getString("store"));
  }

  @Override
  public Future<Optional<SelectedSnapshot>> doLoadAsync(
      String persistenceId, SnapshotSelectionCriteria criteria) {
    return store.load(persistenceId, SnapshotSelection.of(criteria));
  }

  @Override
  public Future<Void> doSaveAsync(SnapshotMetadata metadata, Object snapshot) {
    return store.save(metadata, snapshot);
  }

  @Override
  public Future<Void> doDeleteAsync(SnapshotMetadata metadata) {
    return store.delete(metadata.persistenceId(), SnapshotSelection.of(metadata));
  }

  @Override
  public Future<Void> doDeleteAsync(String persistenceId, SnapshotSelectionCriteria criteria) {
    return store.delete(persistenceId, SnapshotSelection.of(criteria));
  }
}
