package org.raftactors.persistence.rocksdb.internal;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.raftactors.persistence.rocksdb.RocksDbStoreException.Reason;
import org.rocksdb.RocksDBException;

/**
 * Events of one persistence id with successive sequence numbers, written all or none.
 *
 * <p>The order rule: the first one must follow the highest sequence number, and the writer must not
 * have been replaced. So a late write of a dead incarnation never overwrites and never slips in.
 */
final class JournalWrite extends StoreTask<Iterable<Optional<Exception>>> {

  private final String persistenceId;
  private final String writerUuid;
  private final long firstSequenceNr;
  private final List<byte[]> records;
  private final WriteHints hints;
  private final Iterable<Optional<Exception>> outcomes;
  private final long bytes;

  /**
   * Creates a write.
   *
   * @param records encoded, not yet sealed; the first has the first sequence number
   * @param hints what the events ask for beyond being stored
   * @param outcomes what to answer when all is durable: which events were rejected
   */
  JournalWrite(
      String persistenceId,
      String writerUuid,
      long firstSequenceNr,
      List<byte[]> records,
      WriteHints hints,
      Iterable<Optional<Exception>> outcomes) {
    this.persistenceId = persistenceId;
    this.writerUuid = writerUuid;
    this.firstSequenceNr = firstSequenceNr;
    this.records = records;
    this.hints = hints;
    this.outcomes = outcomes;
    this.bytes =
        records.stream().mapToLong(record -> (long) record.length + StoreKeys.LENGTH).sum();
  }

  @Override
  long bytes() {
    return bytes;
  }

  @Override
  boolean limited() {
    return false;
  }

  @Override
  void stage(WriterSession session) throws RocksDBException {
    session.refuseWithoutSpace(hints.reserved());
    PersistenceIdState state = session.state(persistenceId);
    refuseUnlessNext(session.database().directory(), state);
    session.register(state, true);
    long sequenceNr = firstSequenceNr;
    int checksum = state.lastChecksum;
    for (byte[] record : records) {
      checksum = session.putEvent(state, sequenceNr++, record, checksum);
    }
    state.written(writerUuid, sequenceNr - 1, checksum);
    session.staged(this);
    if (hints.marked()) {
      session.requestMark();
    }
    result(outcomes);
  }

  /** One of its records, if it has it. */
  byte @Nullable [] record(String ofPersistenceId, long sequenceNr) {
    long at = sequenceNr - firstSequenceNr;
    return at >= 0 && at < records.size() && persistenceId.equals(ofPersistenceId)
        ? records.get((int) at)
        : null;
  }

  private void refuseUnlessNext(Path directory, PersistenceIdState state) {
    if (!state.mayWrite(writerUuid)) {
      throw StoreErrors.error(
          Reason.FENCED,
          directory,
          "Persistence id %s: sequence number %d from the writer %s, but a later incarnation has taken over; nothing was written."
              .formatted(persistenceId, firstSequenceNr, writerUuid),
          null);
    }
    if (firstSequenceNr != state.highest + 1) {
      throw StoreErrors.error(
          Reason.OUT_OF_ORDER,
          directory,
          "Persistence id %s: sequence number %d does not follow the highest one, %d; nothing was written. Does another actor use this persistence id?"
              .formatted(persistenceId, firstSequenceNr, state.highest),
          null);
    }
  }
}
