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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of the high-water mark: two slots, written in turn and synced, so that one is whole at
 * any time. A slot: version, flags (1 = clean stop), number of the mark, store id, number and hash
 * of the last batch, CRC32C.
 *
 * <p>Created whole, both slots in place, under another name: a crash leaves it absent or complete,
 * and later marks need no more space on the disk.
 */
final class MarkFile implements AutoCloseable {

  /** Slots lie in different blocks of the disk. */
  static final int SLOT_DISTANCE = 4096;

  static final byte VERSION = 2;

  private static final Logger LOG = LoggerFactory.getLogger(MarkFile.class);

  private static final int FLAG_CLEAN = 1;
  private static final int CHECKED_LENGTH = 2 + 5 * Long.BYTES;
  static final int SLOT_LENGTH = CHECKED_LENGTH + Integer.BYTES;

  /** What is in a file: the newest mark that can be read, and how the slots are. */
  record Content(@Nullable Mark newest, boolean otherDamaged, int unknownVersion) {}

  private final FileChannel channel;

  private MarkFile(FileChannel channel) {
    this.channel = channel;
  }

  static MarkFile open(Path file) throws IOException {
    return new MarkFile(FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE));
  }

  /** Creates the file with a first mark, durably. */
  static void create(Path file, Path unfinished, Mark first) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            unfinished,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      writeFully(channel, ByteBuffer.allocate(2 * SLOT_DISTANCE), 0);
      writeSlot(channel, new Mark(first.count() - 1, false, first.storeId(), StorePosition.START));
      writeSlot(channel, first);
      channel.force(true);
    }
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    syncDirectory(file);
  }

  /** A name, too, must outlive a power failure. Where a directory cannot be synced, it is not. */
  static void syncDirectory(Path file) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory != null && Files.getFileStore(directory).supportsFileAttributeView("posix")) {
      try (FileChannel name = FileChannel.open(directory, StandardOpenOption.READ)) {
        name.force(true);
      }
    }
  }

  /** Writes a mark and syncs it. */
  void write(Mark mark) throws IOException {
    writeSlot(channel, mark);
    channel.force(false);
  }

  Content read() throws IOException {
    Slot even = readSlot(0);
    Slot odd = readSlot(SLOT_DISTANCE);
    Mark newest = even.mark;
    if (newest == null || (odd.mark != null && odd.mark.count() > newest.count())) {
      newest = odd.mark;
    }
    return new Content(
        newest,
        even.mark == null || odd.mark == null,
        Math.max(even.unknownVersion, odd.unknownVersion));
  }

  private static void writeSlot(FileChannel channel, Mark mark) throws IOException {
    UUID storeId = mark.storeId();
    ByteBuffer slot = ByteBuffer.allocate(SLOT_LENGTH);
    slot.put(VERSION).put((byte) (mark.clean() ? FLAG_CLEAN : 0)).putLong(mark.count());
    slot.putLong(storeId.getMostSignificantBits()).putLong(storeId.getLeastSignificantBits());
    slot.putLong(mark.position().batch()).putLong(mark.position().hash());
    slot.putInt(checksum(slot.array())).flip();
    writeFully(channel, slot, mark.count() % 2 * SLOT_DISTANCE);
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes, long at)
      throws IOException {
    long position = at;
    while (bytes.hasRemaining()) {
      position += channel.write(bytes, position);
    }
  }

  /** A slot that cannot be read has no mark; one of a later library is whole but unknown. */
  private record Slot(@Nullable Mark mark, int unknownVersion) {}

  private Slot readSlot(long position) throws IOException {
    ByteBuffer slot = ByteBuffer.allocate(SLOT_LENGTH);
    while (slot.hasRemaining() && channel.read(slot, position + slot.position()) > 0) {
      // Reads on until the slot or the file ends.
    }
    if (slot.hasRemaining() || slot.getInt(CHECKED_LENGTH) != checksum(slot.array())) {
      return new Slot(null, 0);
    }
    slot.flip();
    byte version = slot.get();
    if (version != VERSION) {
      return new Slot(null, version);
    }
    boolean clean = (slot.get() & FLAG_CLEAN) != 0;
    long count = slot.getLong();
    UUID storeId = new UUID(slot.getLong(), slot.getLong());
    return new Slot(
        new Mark(count, clean, storeId, new StorePosition(slot.getLong(), slot.getLong())), 0);
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
