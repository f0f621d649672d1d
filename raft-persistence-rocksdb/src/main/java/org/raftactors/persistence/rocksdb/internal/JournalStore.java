package org.raftactors.persistence.rocksdb.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.annotation.InternalApi;
import org.apache.pekko.dispatch.Futures;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.journal.Tagged;
import scala.concurrent.Future;
import scala.jdk.javaapi.CollectionConverters;

/** What the journal plugin does with a store. Serializes on the caller's thread. */
@InternalApi
public final class JournalStore {

  private final StoreAccess store;
  private final ObjectCodec codec;

  /** Uses the store at a configuration path. */
  public JournalStore(ClassicActorSystemProvider system, String storePath) {
    this.store = StoreAccess.of(system, storePath);
    this.codec = new ObjectCodec(system);
  }

  /** Writes events of one persistence id, all or none; answers which were rejected. */
  public Future<Iterable<Optional<Exception>>> write(Iterable<AtomicWrite> writes) {
    List<PersistentRepr> events = new ArrayList<>();
    List<byte[]> records = new ArrayList<>();
    List<Optional<Exception>> outcomes = new ArrayList<>();
    long now = System.currentTimeMillis();
    WriteHints hints = WriteHints.NONE;
    for (AtomicWrite write : writes) {
      List<PersistentRepr> atomic = CollectionConverters.asJava(write.payload());
      events.addAll(atomic);
      for (PersistentRepr event : atomic) {
        hints = hints.with(event.payload());
      }
      outcomes.add(encode(atomic, now, records));
    }
    if (events.isEmpty()) {
      return Futures.successful(List.of());
    }
    PersistentRepr first = events.get(0);
    for (int i = 1; i < events.size(); i++) {
      PersistentRepr event = events.get(i);
      if (event.sequenceNr() != first.sequenceNr() + i
          || !event.persistenceId().equals(first.persistenceId())) {
        return Futures.failed(
            new IllegalArgumentException(
                "Persistence id %s, sequence number %d does not belong behind persistence id %s, sequence number %d in one write."
                    .formatted(
                        event.persistenceId(),
                        event.sequenceNr(),
                        first.persistenceId(),
                        first.sequenceNr() + i - 1)));
      }
    }
    boolean rejected = outcomes.stream().anyMatch(Optional::isPresent);
    return store.submit(
        new JournalWrite(
            first.persistenceId(),
            first.writerUuid(),
            first.sequenceNr(),
            records,
            hints,
            rejected ? outcomes : List.of()));
  }

  /** The highest sequence number behind all writes before; replaces earlier incarnations. */
  public Future<Long> highestSequenceNr(String persistenceId) {
    return store.submit(new HighestSequenceNrRead(persistenceId));
  }

  /** Deletes events up to a sequence number. */
  public Future<Void> deleteTo(String persistenceId, long toSequenceNr) {
    return store.submit(new EventDeletion(persistenceId, toSequenceNr));
  }

  /** Reads events in order and passes each to the callback, on the read dispatcher. */
  public Future<Void> replay(
      String persistenceId,
      long fromSequenceNr,
      long toSequenceNr,
      long max,
      Consumer<PersistentRepr> callback) {
    return store.readAfter(
        new Locate(persistenceId),
        entry ->
            new Replay(
                    store.engine(),
                    codec,
                    JournalChunk.Request.first(persistenceId, entry, fromSequenceNr, toSequenceNr),
                    callback)
                .start(max));
  }

  /** Appends the records of an atomic write; holes if one of its events cannot be serialized. */
  private Optional<Exception> encode(List<PersistentRepr> events, long now, List<byte[]> records) {
    List<byte[]> encoded = new ArrayList<>(events.size());
    try {
      for (PersistentRepr event : events) {
        encoded.add(RecordCodec.encode(toRecord(event, now)));
      }
      records.addAll(encoded);
      return Optional.empty();
    } catch (Exception e) { // Serializers throw what they like, checked exceptions included.
      for (PersistentRepr event : events) {
        records.add(
            RecordCodec.encode(StoredRecord.hole(timestamp(event, now), event.writerUuid())));
      }
      return Optional.of(e);
    }
  }

  private StoredRecord toRecord(PersistentRepr event, long now) {
    // Tags are for queries by tag, which this plugin does not have, and hints.
    Object payload = event.payload() instanceof Tagged tagged ? tagged.payload() : event.payload();
    return new StoredRecord(
        timestamp(event, now),
        event.writerUuid(),
        event.manifest(),
        codec.serialize(payload),
        codec.serialize(event.metadata()));
  }

  /** Pekko leaves the time stamp to the journal. */
  private static long timestamp(PersistentRepr event, long now) {
    return event.timestamp() == 0 ? now : event.timestamp();
  }
}
