package org.raftactors.persistence.rocksdb.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.raftactors.persistence.rocksdb.RocksDbStoreException.Reason;
import org.raftactors.persistence.rocksdb.StoreVerdict;
import org.raftactors.persistence.rocksdb.StoreVerdict.Kind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A second, independent record of how far the store was synced. RocksDB cannot tell a log that was
 * cut off, or whose youngest file vanished, from one that was never longer; a store that is behind
 * its mark has lost acknowledged writes and must not open.
 *
 * <p>Used by the writer thread. What was acknowledged after the last mark can still be cut off
 * unseen: the interval between marks is a setting, and both {@code syncMark} and a write itself can
 * ask for one. A copy of the directory that holds the mark, too, is put back unseen: for that the
 * mark can lie in a directory of its own.
 */
final class HighWaterMark implements AutoCloseable {

  static final String FILE = "HIGH-WATER-MARK";

  /** What a crash during the creation leaves; the next one begins afresh. */
  static final String UNFINISHED = FILE + ".new";

  private static final Logger LOG = LoggerFactory.getLogger(HighWaterMark.class);

  private final MarkFile file;
  private final StoreIdentity store;
  private final boolean cleanBefore;
  private Mark last;

  private HighWaterMark(MarkFile file, StoreIdentity store, Mark last) {
    this.file = file;
    this.store = store;
    this.cleanBefore = last.clean();
    this.last = last;
  }

  /** Opens the mark of a store, and refuses the store if the two do not agree. */
  static HighWaterMark open(
      Path storeDirectory, Path markDirectory, StoreIdentity store, HistoryEntry history) {
    Path path = markDirectory.resolve(FILE);
    try {
      boolean created = !Files.exists(path);
      if (created) {
        refuseIfDamaged(storeDirectory, MarkCheck.withoutFile(history));
        Files.createDirectories(markDirectory);
        MarkFile.create(
            path,
            markDirectory.resolve(UNFINISHED),
            new Mark(1, store.created(), store.storeId(), history.position()));
      }
      MarkFile file = MarkFile.open(path);
      try {
        MarkFile.Content content = file.read();
        refuseUnknown(path, storeDirectory, content);
        refuseIfDamaged(storeDirectory, MarkCheck.withFile(store, history, content));
        Mark newest = content.newest();
        if (newest == null) {
          throw new IllegalStateException("A file without a mark has passed its check.");
        }
        if (content.otherDamaged()) {
          LOG.warn("One slot of {} cannot be read; the other one agrees with the store.", path);
        }
        HighWaterMark mark = new HighWaterMark(file, store, newest);
        mark.write(history.position(), false);
        return mark;
      } catch (IOException | RuntimeException e) {
        file.close();
        throw e;
      }
    } catch (IOException e) {
      if (StoreErrors.isNoSpace(e)) {
        throw StoreErrors.full(storeDirectory, e);
      }
      throw StoreErrors.error(
          Reason.IO,
          storeDirectory,
          "The file " + path + " cannot be read or written (" + e + ").",
          e);
    }
  }

  private static void refuseUnknown(Path path, Path storeDirectory, MarkFile.Content content) {
    if (content.unknownVersion() != 0) {
      throw StoreErrors.error(
          Reason.FORMAT,
          storeDirectory,
          "The file %s has format version %d, this library reads version %d; use a library that knows it."
              .formatted(path, content.unknownVersion(), MarkFile.VERSION),
          null);
    }
  }

  private static void refuseIfDamaged(Path storeDirectory, StoreVerdict verdict) {
    if (verdict.kind() != Kind.SOUND) {
      throw StoreErrors.verdict(storeDirectory, verdict);
    }
  }

  /** Without syncs a power failure may lose acknowledged writes: then there is nothing to mark. */
  static void remove(Path storeDirectory, Path markDirectory) {
    Path path = markDirectory.resolve(FILE);
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw StoreErrors.error(
          Reason.IO, storeDirectory, "Cannot delete " + path + " (" + e + ").", e);
    }
  }

  /** Whether the store was stopped with nothing in flight before it was opened this time. */
  boolean cleanBefore() {
    return cleanBefore;
  }

  Mark last() {
    return last;
  }

  /** Records durably that everything up to a position is synced. */
  void write(StorePosition position, boolean clean) throws IOException {
    if (last.position().equals(position) && last.clean() == clean) {
      return;
    }
    Mark mark = new Mark(last.count() + 1, clean, store.storeId(), position);
    file.write(mark);
    last = mark;
  }

  @Override
  public void close() {
    file.close();
  }
}
