package org.raftactors.testkit.actors;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.persistence.SelectedSnapshot;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.apache.pekko.persistence.snapshot.japi.SnapshotStore;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.Serializer;
import org.apache.pekko.serialization.Serializers;
import org.jspecify.annotations.Nullable;
import scala.concurrent.Future;
import scala.jdk.javaapi.FutureConverters;

/** The snapshot store plugin over {@link Disks}. */
public final class SimulatedSnapshots extends SnapshotStore {

  private final Serialization serialization = SerializationExtension.get(context().system());
  private final Disks disks = ((VirtualScheduler) context().system().scheduler()).disks();

  @Override
  public Future<Optional<SelectedSnapshot>> doLoadAsync(
      String persistenceId, SnapshotSelectionCriteria criteria) {
    CompletableFuture<Optional<SelectedSnapshot>> loaded =
        disks
            .of(persistenceId)
            .latest(criteria.maxSequenceNr())
            .thenApply(snapshot -> Optional.ofNullable(selected(persistenceId, snapshot)));
    return FutureConverters.asScala(loaded);
  }

  private @Nullable SelectedSnapshot selected(
      String persistenceId, Disk.@Nullable Snapshot snapshot) {
    if (snapshot == null) {
      return null;
    }
    Object state =
        serialization
            .deserialize(snapshot.bytes(), snapshot.serializerId(), snapshot.manifest())
            .get();
    return new SelectedSnapshot(
        SnapshotMetadata.apply(persistenceId, snapshot.sequenceNr(), 0), state);
  }

  @Override
  @SuppressWarnings("NullAway") // Pekko's future of nothing completes with null
  public Future<Void> doSaveAsync(SnapshotMetadata metadata, Object snapshot) {
    Serializer serializer = serialization.findSerializerFor(snapshot);
    Disk.Snapshot bytes =
        new Disk.Snapshot(
            metadata.sequenceNr(),
            serializer.identifier(),
            Serializers.manifestFor(serializer, snapshot),
            serializer.toBinary(snapshot));
    return FutureConverters.asScala(disks.of(metadata.persistenceId()).save(bytes));
  }

  @Override
  public Future<Void> doDeleteAsync(SnapshotMetadata metadata) {
    return nothing(); // only after a save that failed, which has left nothing
  }

  @Override
  public Future<Void> doDeleteAsync(String persistenceId, SnapshotSelectionCriteria criteria) {
    return nothing();
  }

  @SuppressWarnings("NullAway") // as above
  private static Future<Void> nothing() {
    return FutureConverters.asScala(CompletableFuture.completedFuture(null));
  }
}
