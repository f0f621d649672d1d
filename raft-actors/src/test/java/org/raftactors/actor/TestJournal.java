package org.raftactors.actor;

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

/** A journal over {@link TestStore}. */
public final class TestJournal extends AsyncWriteJournal {

  private final Serialization serialization = SerializationExtension.get(context().system());

  @Override
  public Future<Iterable<Optional<Exception>>> doAsyncWriteMessages(
      Iterable<AtomicWrite> messages) {
    List<CompletableFuture<@Nullable Void>> writes = new ArrayList<>();
    for (AtomicWrite write : messages) {
      List<TestStore.Stored> batch = new ArrayList<>();
      for (PersistentRepr repr : CollectionConverters.asJava(write.payload())) {
        batch.add(toStored(repr));
      }
      writes.add(TestStore.of(write.persistenceId()).write(batch));
    }
    CompletableFuture<Iterable<Optional<Exception>>> all =
        CompletableFuture.allOf(writes.toArray(CompletableFuture[]::new))
            .thenApply(none -> List.<Optional<Exception>>of());
    return FutureConverters.asScala(all);
  }

  private TestStore.Stored toStored(PersistentRepr repr) {
    Object event = repr.payload();
    Serializer serializer = serialization.findSerializerFor(event);
    return new TestStore.Stored(
        repr.sequenceNr(),
        serializer.identifier(),
        Serializers.manifestFor(serializer, event),
        serializer.toBinary(event));
  }

  static Object fromStored(Serialization serialization, TestStore.Stored stored) {
    // A copy: payloads become slices of it, and tests damage what is stored.
    return serialization
        .deserialize(stored.bytes().clone(), stored.serializerId(), stored.manifest())
        .get();
  }

  @Override
  public Future<Void> doAsyncDeleteMessagesTo(String persistenceId, long toSequenceNr) {
    return FutureConverters.asScala(TestStore.of(persistenceId).deleteTo(toSequenceNr));
  }

  @Override
  public Future<Void> doAsyncReplayMessages(
      String persistenceId,
      long fromSequenceNr,
      long toSequenceNr,
      long max,
      Consumer<PersistentRepr> replayCallback) {
    TestStore store = TestStore.of(persistenceId);
    CompletableFuture<@Nullable Void> replay =
        store.inTurn(
            () -> {
              store.events().stream()
                  .filter(e -> e.sequenceNumber() >= fromSequenceNr)
                  .filter(e -> e.sequenceNumber() <= toSequenceNr)
                  .limit(max)
                  .forEach(
                      e -> {
                        store.check(e);
                        replayCallback.accept(repr(persistenceId, e));
                      });
              return CompletableFuture.completedFuture(null);
            });
    return FutureConverters.asScala(replay);
  }

  private PersistentRepr repr(String persistenceId, TestStore.Stored stored) {
    Object event = fromStored(serialization, stored);
    return new PersistentImpl(
        event,
        stored.sequenceNumber(),
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
    TestStore store = TestStore.of(persistenceId);
    return FutureConverters.asScala(
        store.inTurn(() -> CompletableFuture.completedFuture(store.highest())));
  }
}
