package org.raftactors.testkit.actors;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.PersistentImpl;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.journal.japi.AsyncWriteJournal;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.Serializer;
import org.apache.pekko.serialization.Serializers;
import org.jspecify.annotations.Nullable;
import scala.concurrent.Future;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.FutureConverters;

/** The journal plugin over {@link Disks}. */
public final class SimulatedJournal extends AsyncWriteJournal {

  private final Serialization serialization = SerializationExtension.get(context().system());
  private final Disks disks = ((VirtualScheduler) context().system().scheduler()).disks();

  @Override
  public Future<Iterable<Optional<Exception>>> doAsyncWriteMessages(
      Iterable<AtomicWrite> messages) {
    List<CompletableFuture<@Nullable Void>> writes = new ArrayList<>();
    for (AtomicWrite write : messages) {
      List<PersistentRepr> reprs = CollectionConverters.asJava(write.payload());
      List<Disk.Event> batch = reprs.stream().map(this::toEvent).toList();
      writes.add(disks.of(write.persistenceId()).write(batch, reprs.get(0).writerUuid()));
    }
    CompletableFuture<Iterable<Optional<Exception>>> all =
        CompletableFuture.allOf(writes.toArray(CompletableFuture[]::new))
            .thenApply(none -> List.<Optional<Exception>>of());
    return FutureConverters.asScala(all);
  }

  private Disk.Event toEvent(PersistentRepr repr) {
    Object event = repr.payload();
    Serializer serializer = serialization.findSerializerFor(event);
    return new Disk.Event(
        repr.sequenceNr(),
        serializer.identifier(),
        Serializers.manifestFor(serializer, event),
        serializer.toBinary(event));
  }

  static Object fromEvent(Serialization serialization, Disk.Event event) {
    return serialization.deserialize(event.bytes(), event.serializerId(), event.manifest()).get();
  }

  @Override
  public Future<Void> doAsyncDeleteMessagesTo(String persistenceId, long toSequenceNr) {
    return FutureConverters.asScala(disks.of(persistenceId).delete(toSequenceNr));
  }

  @Override
  public Future<Void> doAsyncReplayMessages(
      String persistenceId,
      long fromSequenceNr,
      long toSequenceNr,
      long max,
      Consumer<PersistentRepr> replayCallback) {
    CompletableFuture<Void> replay =
        disks
            .of(persistenceId)
            .read()
            .thenAccept(
                events ->
                    events.stream()
                        .filter(e -> e.sequenceNr() >= fromSequenceNr)
                        .filter(e -> e.sequenceNr() <= toSequenceNr)
                        .limit(max)
                        .forEach(e -> replayCallback.accept(toRepr(persistenceId, e))));
    return FutureConverters.asScala(replay);
  }

  private PersistentRepr toRepr(String persistenceId, Disk.Event event) {
    return new PersistentImpl(
        fromEvent(serialization, event),
        event.sequenceNr(),
        persistenceId,
        "",
        false,
        self(),
        "",
        0,
        scala.Option.empty());
  }

  @Override
  public Future<Long> doAsyncReadHighestSequenceNr(String persistenceId, long fromSequenceNr) {
    return FutureConverters.asScala(disks.of(persistenceId).beginRecovery());
  }
}
