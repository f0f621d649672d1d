package org.raftactors.persistence.rocksdb.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.raftactors.persistence.rocksdb.RocksDbStoreException.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A second, independent record of how far the store was synced. RocksDB cannot tell a log that was
 * cut off, or whose youngest file vanished, from one that was never longer; a store that is behind
 * its mark has lost acknowledged writes and must not open.
 *
 * <p>A file of two slots, written in turn and synced, so that one is whole at any time; the file
 * itself gets its name when its first slot is synced. Used by the writer thread. What was
 * acknowledged after the last mark can still be cut off unseen: the interval between marks is a
 * setting, and {@code syncMark} asks for one.
 */
final class HighWaterMark implements AutoCloseable {

  static final String FILE = "HIGH-WATER-MARK";

  /** What a crash during the creation leaves; the next one begins afresh. */
  static final String UNFINISHED = FILE + ".new";

  private static final Logger LOG = LoggerFactory.getLogger(HighWaterMark.class);

  private static final byte VERSION = 1;

  /** Slots lie in different blocks of the disk. */
  private static final int SLOT_DISTANCE = 4096;

  private static final int CHECKED_LENGTH = 1 + 4 * Long.BYTES;
  private static final int SLOT_LENGTH = CHECKED_LENGTH + Integer.BYTES;

  private final FileChannel channel;
  private Mark last;

  private record Mark(long count, UUID storeId, long sequence) {}

  private HighWaterMark(FileChannel channel, Mark last) {
    this.channel = channel;
    this.last = last;
  }

  /** Opens the mark of a store, and refuses the store if it is behind. */
  static HighWaterMark open(Path directory, StoreIdentity store, long sequence) {
    Path file = directory.resolve(FILE);
    try {
      if (!Files.exists(file)) {
        if (!store.created()) {
          LOG.warn("{} is missing: whether the store has lost its end is unknown.", file);
        }
        create(directory, file, new Mark(1, store.storeId(), sequence));
      }
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
      try {
        HighWaterMark mark = new HighWaterMark(channel, newest(directory, channel));
        mark.refuseIfBehind(directory, store, sequence);
        mark.write(store.storeId(), sequence);
        return mark;
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw StoreErrors.error(
          Reason.IO, directory, "The file " + file + " cannot be read or written (" + e + ").", e);
    }
  }

  private static void create(Path directory, Path file, Mark first) throws IOException {
    Path unfinished = directory.resolve(UNFINISHED);
    try (FileChannel channel =
        FileChannel.open(
            unfinished,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      write(channel, first);
    }
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    if (Files.getFileStore(directory).supportsFileAttributeView("posix")) {
      // The name, too, must outlive a power failure. Elsewhere a directory cannot be synced.
      try (FileChannel name = FileChannel.open(directory, StandardOpenOption.READ)) {
        name.force(true);
      }
    }
  }

  /** Without syncs a power failure may lose acknowledged writes: then there is nothing to mark. */
  static void remove(Path directory) {
    try {
      Files.deleteIfExists(directory.resolve(FILE));
    } catch (IOException e) {
      throw StoreErrors.error(
          Reason.IO, directory, "Cannot delete " + directory.resolve(FILE) + " (" + e + ").", e);
    }
  }

  /** Records durably that everything up to a sequence number of RocksDB is synced. */
  void write(UUID storeId, long sequence) throws IOException {
    if (last.sequence() == sequence && last.storeId().equals(storeId)) {
      return;
    }
    Mark mark = new Mark(last.count() + 1, storeId, sequence);
    write(channel, mark);
    last = mark;
  }

  private static void write(FileChannel channel, Mark mark) throws IOException {
    UUID storeId = mark.storeId();
    ByteBuffer slot = ByteBuffer.allocate(SLOT_LENGTH);
    slot.put(VERSION).putLong(mark.count());
    slot.putLong(storeId.getMostSignificantBits()).putLong(storeId.getLeastSignificantBits());
    slot.putLong(mark.sequence()).putInt(checksum(slot.array())).flip();
    long position = mark.count() % 2 * SLOT_DISTANCE;
    while (slot.hasRemaining()) {
      position += channel.write(slot, position);
    }
    channel.force(false);
  }

  private void refuseIfBehind(Path directory, StoreIdentity store, long sequence) {
    if (!last.storeId().equals(store.storeId())) {
      throw StoreErrors.missing(
          directory,
          "the store " + last.storeId(),
          "its mark is here, but the database is "
              + (store.created() ? "gone" : "the store " + store.storeId()));
    }
    if (sequence < last.sequence()) {
      throw StoreErrors.missing(
          directory,
          "acknowledged writes",
          "its log ends at %d, but it was synced up to %d. Files were cut off, removed or replaced by older ones"
              .formatted(sequence, last.sequence()));
    }
  }

  private static Mark newest(Path directory, FileChannel channel) throws IOException {
    Mark even = read(channel, 0);
    Mark odd = read(channel, SLOT_DISTANCE);
    if (even != null && (odd == null || even.count() > odd.count())) {
      return even;
    }
    if (odd == null) {
      throw StoreErrors.missing(
          directory, "its mark", "both slots of " + directory.resolve(FILE) + " are damaged");
    }
    return odd;
  }

  private static @Nullable Mark read(FileChannel channel, long position) throws IOException {
    ByteBuffer slot = ByteBuffer.allocate(SLOT_LENGTH);
    while (slot.hasRemaining() && channel.read(slot, position + slot.position()) > 0) {
      // Reads on until the slot or the file ends.
    }
    if (slot.hasRemaining() || slot.get(0) != VERSION) {
      return null;
    }
    if (slot.getInt(CHECKED_LENGTH) != checksum(slot.array())) {
      return null;
    }
    slot.position(1);
    return new Mark(slot.getLong(), new UUID(slot.getLong(), slot.getLong()), slot.getLong());
  }

  private static int checksum(byte[] slot) {
    CRC32C crc = new CRC32C();
    crc.update(slot, 0, CHECKED_LENGTH);
    return (int) crc.getValue();
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.warn("Closing the high-water mark reported an error.", e);
    }
  }
}
