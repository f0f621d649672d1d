package org.raftactors.persistence.rocksdb.internal;

import java.util.Optional;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.annotation.InternalApi;
import org.apache.pekko.dispatch.Futures;
import org.apache.pekko.persistence.SelectedSnapshot;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.jspecify.annotations.Nullable;
import scala.concurrent.Future;

/** What the snapshot plugin does with a store. Serializes on the caller's thread. */
@InternalApi
public final class SnapshotOperations {

  private final StoreAccess store;
  private final ObjectCodec codec;

  /** Uses the store at a configuration path. */
  public SnapshotOperations(ClassicActorSystemProvider system, String storePath) {
    this.store = StoreAccess.of(system, storePath);
    this.codec = new ObjectCodec(system);
  }

  /** Stores a snapshot in place of one with the same sequence number. */
  public Future<Void> save(SnapshotMetadata metadata, Object snapshot) {
    byte[] record =
        RecordCodec.encode(
            new StoredRecord(
                metadata.timestamp(),
                "",
                "",
                codec.serialize(snapshot),
                codec.serialize(metadata.metadata())));
    return store.submit(new SnapshotWrite(metadata.persistenceId(), metadata.sequenceNr(), record));
  }

  /** The youngest snapshot of a selection. One that cannot be read is an error, not skipped. */
  public Future<Optional<SelectedSnapshot>> load(
      String persistenceId, SnapshotSelection selection) {
    return store.readAfter(
        new Locate(persistenceId),
        entry ->
            Futures.successful(
                entry.id() == 0 || selection.isEmpty()
                    ? Optional.empty()
                    : find(persistenceId, entry.id(), selection)));
  }

  /** Deletes a selection of snapshots. */
  public Future<Void> delete(String persistenceId, SnapshotSelection selection) {
    return store.submit(new SnapshotDeletion(persistenceId, selection));
  }

  private Optional<SelectedSnapshot> find(
      String persistenceId, long id, SnapshotSelection selection) {
    Youngest youngest = new Youngest(selection);
    store
        .engine()
        .read(
            "a snapshot of persistence id " + persistenceId,
            db -> {
              RangeReader.backward(db.rocks(), selection.range(db, id), youngest);
              return true;
            });
    return Optional.ofNullable(youngest.record)
        .map(record -> toSnapshot(persistenceId, youngest.sequenceNr, record));
  }

  private SelectedSnapshot toSnapshot(String persistenceId, long sequenceNr, StoredRecord record) {
    Payload payload = record.payload();
    if (payload == null) {
      throw new IllegalStateException("A snapshot is never stored as a hole.");
    }
    SnapshotMetadata metadata =
        SnapshotMetadata.apply(persistenceId, sequenceNr, record.timestamp());
    Payload more = record.metadata();
    return SelectedSnapshot.create(
        more == null ? metadata : metadata.withMetadata(codec.deserialize(more)),
        codec.deserialize(payload));
  }

  private static final class Youngest implements RangeReader.Visitor {
    private final SnapshotSelection selection;
    private @Nullable StoredRecord record;
    private long sequenceNr;

    Youngest(SnapshotSelection selection) {
      this.selection = selection;
    }

    @Override
    public boolean visit(RangeReader.Cursor cursor) throws DamagedRecordException {
      byte[] key = cursor.key();
      // Checked before its time stamp is believed: a damaged one must not make way for an older
      // one.
      StoredRecord found = RecordCodec.decode(cursor.value(), key);
      if (!selection.matchesTime(found.timestamp())) {
        return true;
      }
      record = found;
      sequenceNr = StoreKeys.sequenceNr(key);
      return false;
    }
  }
}
