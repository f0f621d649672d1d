package org.raftactors.persistence.rocksdb.internal;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.raftactors.persistence.rocksdb.RocksDbStoreException.Reason;
import org.rocksdb.RocksDBException;

/**
 * A bounded piece of a journal, checked: each record against its checksum, that none is missing,
 * and that each follows the one before it.
 *
 * @param events without holes
 * @param next where the following chunk begins; beyond the last sequence number asked for if this
 *     is the last chunk
 * @param preceding the checksum of the record before {@code next}; null if it is not known
 * @param bytes how much was read
 */
record JournalChunk(List<Event> events, long next, @Nullable Integer preceding, long bytes) {

  /** An event with its sequence number. */
  record Event(long sequenceNr, StoredRecord record, Payload payload) {}

  /**
   * What to read.
   *
   * @param to at most the highest sequence number; everything up to it must be there or deleted
   * @param preceding the checksum of the record before {@code from}, if it is known
   * @param begun whether records before {@code from} were read: then these must follow
   */
  record Request(
      String persistenceId,
      long id,
      long from,
      long to,
      @Nullable Integer preceding,
      boolean begun,
      long maxRecords,
      long maxBytes,
      long readAhead) {

    /** The beginning of a journal, or of a part of it that is still there. */
    static Request first(String persistenceId, IdEntry entry, long from, long to) {
      long first = Math.max(Math.max(from, 1), entry.deletedTo() + 1);
      return new Request(
          persistenceId,
          entry.id(),
          first,
          Math.min(to, entry.highest()),
          first == entry.deletedTo() + 1 ? entry.anchor() : null,
          false,
          0,
          0,
          0);
    }

    Request limited(long records, long bytes, long readAheadBytes) {
      return new Request(
          persistenceId, id, from, to, preceding, begun, records, bytes, readAheadBytes);
    }

    Request after(JournalChunk chunk) {
      return new Request(
          persistenceId,
          id,
          chunk.next(),
          to,
          chunk.preceding(),
          begun || chunk.bytes() > 0,
          0,
          0,
          0);
    }

    boolean isDone() {
      return from > to;
    }
  }

  static JournalChunk read(Database database, Request request)
      throws RocksDBException, DamagedRecordException {
    Collector collector = new Collector(request);
    try {
      RangeReader.forward(
          database.rocks(),
          new RangeReader.Range(
              database.journal(),
              StoreKeys.of(request.id(), collector.scanFrom()),
              StoreKeys.after(request.id(), request.to())),
          request.readAhead(),
          collector);
    } catch (RocksDBException e) {
      if (StoreErrors.isCorruption(e)) {
        throw collector.unreadable(e);
      }
      throw e;
    }
    if (collector.full || collector.next > request.to()) {
      return collector.chunk();
    }
    return withoutTheDeleted(database, request, collector);
  }

  /** A record is missing: either it was deleted meanwhile, or it is lost. */
  private static JournalChunk withoutTheDeleted(
      Database database, Request request, Collector collector)
      throws RocksDBException, DamagedRecordException {
    long missing = collector.next;
    IdEntry entry = MetaTable.entry(database, request.persistenceId());
    if (entry != null && entry.id() != request.id()) {
      entry = null; // Forgotten, and begun again under another number.
    }
    if (entry != null && entry.deletedTo() < missing) {
      throw DamagedRecordException.of(
          request.persistenceId(),
          missing,
          "sequence number "
              + missing
              + " is lost: "
              + (collector.beyond == null
                  ? "the journal ends before the highest sequence number"
                  : "the next record has sequence number " + collector.beyond));
    }
    if (request.begun()) {
      throw new DamagedRecordException(
          Reason.DELETED,
          "the events from sequence number "
              + missing
              + " on were deleted while the journal was being read");
    }
    return entry == null
        ? new JournalChunk(List.of(), request.to() + 1, null, 0)
        : new JournalChunk(List.of(), entry.deletedTo() + 1, entry.anchor(), 0);
  }

  private static final class Collector implements RangeReader.Visitor {
    private final Request request;
    private final List<Event> events = new ArrayList<>();
    private long next;
    private @Nullable Integer preceding;
    private long bytes;
    private long records;
    private boolean full;
    private @Nullable Long beyond;

    Collector(Request request) {
      this.request = request;
      this.next = request.from();
      this.preceding = request.preceding();
    }

    /** With the record before, if its checksum is not known: it says what must follow. */
    long scanFrom() {
      return preceding == null && next > 1 ? next - 1 : next;
    }

    @Override
    public boolean visit(RangeReader.Cursor cursor) throws DamagedRecordException {
      byte[] key = cursor.key();
      long sequenceNr = StoreKeys.sequenceNr(key);
      byte[] value = cursor.value();
      if (sequenceNr == request.from() - 1) {
        preceding = value.length < RecordCodec.PREFIX_LENGTH ? null : RecordCodec.checksum(value);
        return true;
      }
      if (sequenceNr != next) {
        beyond = sequenceNr;
        return false;
      }
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

    private StoredRecord decode(long sequenceNr, byte[] value, byte[] key)
        throws DamagedRecordException {
      StoredRecord record;
      try {
        record = RecordCodec.decode(value, key);
      } catch (DamagedRecordException e) {
        throw e.at(request.persistenceId(), "sequence number", sequenceNr);
      }
      int found = RecordCodec.preceding(value);
      if (preceding != null && preceding != found) {
        throw DamagedRecordException.of(
            request.persistenceId(),
            sequenceNr,
            "sequence number %d does not follow the one before it: it names the checksum %08x, the one before it has %08x"
                .formatted(sequenceNr, found, preceding));
      }
      preceding = RecordCodec.checksum(value);
      return record;
    }

    /** A damaged block ends the scan: the record that was to come next cannot be read. */
    DamagedRecordException unreadable(RocksDBException e) {
      return DamagedRecordException.of(
          request.persistenceId(),
          next,
          "sequence number " + next + " cannot be read: " + e.getMessage());
    }

    JournalChunk chunk() {
      return new JournalChunk(events, next, preceding, bytes);
    }
  }
}
