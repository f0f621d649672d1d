package org.raftactors.persistence.rocksdb.internal;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Where the journal of one persistence id stands, as the writer thread sees it: including what it
 * has staged but not yet synced. Used by the writer thread only.
 */
final class PersistenceIdState {

  /** Incarnations that are remembered as replaced; more than a burst of restarts leaves behind. */
  private static final int MAX_REPLACED_WRITERS = 8;

  final String persistenceId;

  /** Number in the keys; 0 while nothing was ever written. */
  long id;

  boolean journaled;
  long deletedTo;
  long highest;

  /** Checksum of the last deleted event. */
  int anchor = RecordCodec.NO_PREDECESSOR;

  /** Checksum of the event with the highest sequence number, for the next one to name. */
  int lastChecksum = RecordCodec.NO_PREDECESSOR;

  /**
   * The incarnation that has written since the last recovery; null if none has, as far as known.
   */
  private @Nullable String writer;

  /** The incarnation that wrote the last stored event; a recovery replaces it as well. */
  private final @Nullable String storedWriter;

  private @Nullable Deque<String> replacedWriters;

  PersistenceIdState(String persistenceId, @Nullable String storedWriter) {
    this.persistenceId = persistenceId;
    this.storedWriter = storedWriter;
  }

  /** A recovery has begun: whoever wrote so far has been replaced. */
  void recoveryBegins() {
    String replaced = writer == null ? storedWriter : writer;
    writer = null;
    if (replaced == null || (replacedWriters != null && replacedWriters.contains(replaced))) {
      return;
    }
    if (replacedWriters == null) {
      replacedWriters = new ArrayDeque<>();
    }
    if (replacedWriters.size() == MAX_REPLACED_WRITERS) {
      replacedWriters.removeFirst();
    }
    replacedWriters.addLast(replaced);
  }

  /** Whether an incarnation may write. */
  boolean mayWrite(String writerUuid) {
    if (replacedWriters != null && replacedWriters.contains(writerUuid)) {
      return false;
    }
    return writer == null || writer.equals(writerUuid);
  }

  void written(String writerUuid, long lastSequenceNr, int checksum) {
    writer = writerUuid;
    highest = lastSequenceNr;
    lastChecksum = checksum;
  }

  IdEntry toEntry() {
    return new IdEntry(id, journaled, deletedTo, highest, anchor);
  }
}
