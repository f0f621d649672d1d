package org.raftactors.persistence.rocksdb.internal;

import com.typesafe.config.Config;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.annotation.InternalApi;
import org.apache.pekko.dispatch.Futures;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.persistence.Persistence;
import org.apache.pekko.persistence.journal.EventAdapters;
import org.apache.pekko.persistence.journal.EventSeq;
import org.apache.pekko.persistence.query.EventEnvelope;
import org.apache.pekko.persistence.query.Offset;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;
import scala.Option;
import scala.concurrent.Future;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.FutureConverters;

/**
 * What the read journal does with a store. A stream reads a chunk on the read dispatcher when it
 * has passed on the one before, so memory is bounded and nothing of a reader runs on actor threads.
 */
@InternalApi
public final class QueryStore {

  private final StoreAccess store;
  private final ObjectCodec codec;
  private final EventAdapters adapters;

  /** Uses the store and the event adapters that the read journal's configuration names. */
  public QueryStore(ExtendedActorSystem system, Config config) {
    this.store = StoreAccess.of(system, config.getString("store"));
    this.codec = new ObjectCodec(system);
    this.adapters =
        ((Persistence) Persistence.apply(system))
            .adaptersFor(config.getString("journal-plugin-id"));
  }

  /** Where a stream of events stands; the request is unknown at the beginning. */
  private record Position(JournalChunk.@Nullable Request request) {}

  /** The events stored when the stream starts. */
  public Source<EventEnvelope, NotUsed> events(
      String persistenceId, long fromSequenceNr, long toSequenceNr) {
    return Source.unfoldAsync(
            new Position(null),
            position -> nextEvents(persistenceId, fromSequenceNr, toSequenceNr, position))
        .mapConcat(events -> events);
  }

  /** The persistence ids that have written events, as known when the stream reads them. */
  public Source<String, NotUsed> persistenceIds() {
    return Source.unfoldAsync(new IdPosition(StoreKeys.FIRST_PERSISTENCE_ID, false), this::nextIds)
        .mapConcat(ids -> ids);
  }

  private CompletionStage<Optional<Pair<Position, List<EventEnvelope>>>> nextEvents(
      String persistenceId, long fromSequenceNr, long toSequenceNr, Position position) {
    JournalChunk.@Nullable Request request = position.request();
    if (request != null) {
      return onDispatcher(() -> readEvents(request));
    }
    return FutureConverters.asJava(
        store.readAfter(
            new Locate(persistenceId),
            entry ->
                Futures.successful(
                    readEvents(
                        JournalChunk.Request.first(
                            persistenceId, entry, fromSequenceNr, toSequenceNr)))));
  }

  private Optional<Pair<Position, List<EventEnvelope>>> readEvents(JournalChunk.Request request) {
    if (request.isDone()) {
      return Optional.empty();
    }
    StoreSettings settings = store.engine().settings();
    JournalChunk.Request limited =
        request.limited(settings.readChunkRecords(), settings.readChunkBytes(), 0);
    JournalChunk chunk =
        store
            .engine()
            .read(
                "events of persistence id " + request.persistenceId(),
                db -> JournalChunk.read(db, limited));
    store.engine().storeCounters().replayed(chunk.events().size());
    List<EventEnvelope> envelopes = new ArrayList<>();
    chunk.events().forEach(event -> addEnvelopes(request.persistenceId(), event, envelopes));
    return Optional.of(Pair.create(new Position(request.after(chunk)), envelopes));
  }

  /** An event adapter may make several events of a stored one, or none. */
  private void addEnvelopes(
      String persistenceId, JournalChunk.Event event, List<EventEnvelope> envelopes) {
    Object stored = codec.deserialize(event.payload());
    StoredRecord record = event.record();
    EventSeq adapted = adapters.get(stored.getClass()).fromJournal(stored, record.eventManifest());
    Payload metadata = record.metadata();
    Option<Object> eventMetadata =
        metadata == null ? Option.empty() : Option.apply(codec.deserialize(metadata));
    for (Object each : CollectionConverters.asJava(adapted.events())) {
      envelopes.add(
          new EventEnvelope(
              Offset.sequence(event.sequenceNr()),
              persistenceId,
              event.sequenceNr(),
              each,
              record.timestamp(),
              eventMetadata));
    }
  }

  /** Where a stream of persistence ids stands. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record IdPosition(byte[] next, boolean done) {}

  private CompletionStage<Optional<Pair<IdPosition, List<String>>>> nextIds(IdPosition position) {
    if (position.done()) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    // Waits for the store to be open, and for the writes queued before.
    return FutureConverters.asJava(
        store.readAfter(new OpenRequest(), ready -> Futures.successful(readIds(position))));
  }

  private Optional<Pair<IdPosition, List<String>>> readIds(IdPosition position) {
    StoreEngine engine = store.engine();
    int maxEntries = engine.settings().readChunkRecords();
    PersistenceIdChunk chunk =
        engine.read(
            "the persistence ids",
            db -> PersistenceIdChunk.read(db, position.next(), maxEntries, false));
    return Optional.of(
        Pair.create(new IdPosition(chunk.next(), chunk.last()), chunk.persistenceIds()));
  }

  private <T> CompletionStage<T> onDispatcher(Callable<T> read) {
    Future<T> future = Futures.future(read, store.engine().readDispatcher());
    return FutureConverters.asJava(future);
  }
}
