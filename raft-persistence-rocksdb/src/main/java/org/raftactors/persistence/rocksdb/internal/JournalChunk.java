package org.raftactors.persistence.rocksdb.internal;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * A bounded piece of a journal, checked: each record against its checksum, and that none is
 * missing.
 *
 * @param events without holes
 * @param next where the following chunk begins; beyond the last sequence number asked for if this
 *     is the last chunk
 */
record JournalChunk(List<Event> events, long next) {

  /** An event with its sequence number. */
  record Event(long sequenceNr, StoredRecord record, Payload payload) {}

  /**
   * What to read.
   *
   * @param to at most the highest sequence number; everything up to it must be there or deleted
   */
  record Request(
      String persistenceId,
      long id,
      long from,
      long to,
      long maxRecords,
      long maxBytes,
      long readAhead) {}

  static JournalChunk read(Database database, Request request)
      throws RocksDBException, DamagedRecordException {
    Collector collector = new Collector(request);
    RangeReader.forward(
        database.rocks(),
        new RangeReader.Range(
            database.journal(),
            StoreKeys.of(request.id(), request.from()),
            StoreKeys.after(request.id(), request.to())),
        request.readAhead(),
        collector);
    boolean complete = collector.full || collector.next > request.to();
    return new JournalChunk(
        collector.events, complete ? collector.next : skipDeleted(database, request, collector));
  }

  /** A record is missing: either it was deleted while this replay was running, or it is lost. */
  private static long skipDeleted(Database database, Request request, Collector collector)
      throws RocksDBException, DamagedRecordException {
    long missing = collector.next;
    IdEntry entry = MetaTable.entry(database, request.persistenceId());
    if (entry == null || entry.id() != request.id()) {
      return request.to() + 1;
    }
    if (entry.deletedTo() >= missing) {
      return entry.deletedTo() + 1;
    }
    throw StoreErrors.missing(
        database.directory(),
        "sequence number " + missing + " of persistence id " + request.persistenceId(),
        collector.beyond == null
            ? "the journal ends before the highest sequence number"
            : "the next record has sequence number " + collector.beyond);
  }

  private static final class Collector implements RangeReader.Visitor {
    private final Request request;
    private final List<Event> events = new ArrayList<>();
    private long next;
    private long bytes;
    private long records;
    private boolean full;
    private @Nullable Long beyond;

    Collector(Request request) {
      this.request = request;
      this.next = request.from();
    }

    @Override
    public boolean visit(RangeReader.Cursor cursor) throws DamagedRecordException {
      byte[] key = cursor.key();
      long sequenceNr = StoreKeys.sequenceNr(key);
      if (sequenceNr != next) {
        beyond = sequenceNr;
        return false;
      }
      byte[] value = cursor.value();
      StoredRecord record = decode(sequenceNr, value, key);
      Payload payload = record.payload();
      if (payload != null) {
        events.add(new Event(sequenceNr, record, payload));
      }
      next++;
      records++;
      bytes += value.length;
      full = bytes >= request.maxBytes() || records >= request.maxRecords();
      return !full;
    }

    private static StoredRecord decode(long sequenceNr, byte[] value, byte[] key)
        throws DamagedRecordException {
      try {
        return RecordCodec.decode(value, key);
      } catch (DamagedRecordException e) {
        throw e.at("sequence number " + sequenceNr);
      }
    }
  }
}
