package org.raftactors.persistence.rocksdb.internal;

import java.util.function.Consumer;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.dispatch.Futures;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.PersistentRepr$;
import scala.concurrent.Future;
import scala.concurrent.Promise;

/** A replay for one recovery: chunk by chunk on the read dispatcher, giving way between chunks. */
final class Replay implements Runnable {

  private final StoreEngine engine;
  private final ObjectCodec codec;
  private final String persistenceId;
  private final Consumer<PersistentRepr> callback;
  private final Promise<Void> promise = Futures.promise();

  // One chunk runs at a time, and the dispatcher orders them: no further synchronization.
  private JournalChunk.Request request;
  private long left;

  Replay(
      StoreEngine engine,
      ObjectCodec codec,
      JournalChunk.Request request,
      Consumer<PersistentRepr> callback) {
    this.engine = engine;
    this.codec = codec;
    this.persistenceId = request.persistenceId();
    this.request = request;
    this.callback = callback;
  }

  Future<Void> start(long max) {
    left = max;
    run();
    return promise.future();
  }

  @Override
  public void run() {
    try {
      if (!isDone()) {
        readChunk();
      }
      if (!isDone()) {
        engine.readDispatcher().execute(this);
      } else {
        promise.success(null);
      }
    } catch (Exception e) { // Deserializers throw what they like, checked exceptions included.
      promise.failure(e);
    }
  }

  private boolean isDone() {
    return request.isDone() || left <= 0;
  }

  private void readChunk() {
    StoreSettings settings = engine.settings();
    JournalChunk.Request limited =
        request.limited(
            Math.min(left, settings.readChunkRecords()),
            settings.readChunkBytes(),
            // A journal that fits in one chunk is not worth reading ahead in.
            request.begun() ? settings.readAhead() : 0);
    JournalChunk chunk =
        engine.read(
            "events of persistence id " + persistenceId, db -> JournalChunk.read(db, limited));
    for (JournalChunk.Event event : chunk.events()) {
      callback.accept(toRepr(event));
    }
    request = request.after(chunk);
    left -= chunk.events().size();
    engine.storeCounters().replayed(chunk.events().size());
  }

  private PersistentRepr toRepr(JournalChunk.Event event) {
    StoredRecord record = event.record();
    PersistentRepr repr =
        PersistentRepr$.MODULE$
            .apply(
                codec.deserialize(event.payload()),
                event.sequenceNr(),
                persistenceId,
                record.eventManifest(),
                false,
                ActorRef.noSender(),
                record.writerUuid())
            .withTimestamp(record.timestamp());
    Payload metadata = record.metadata();
    return metadata == null ? repr : repr.withMetadata(codec.deserialize(metadata));
  }
}
