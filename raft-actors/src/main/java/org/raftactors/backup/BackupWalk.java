package org.raftactors.backup;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.raftactors.PartitionId;
import org.raftactors.snapshot.SnapshotStore;

/**
 * Reads a backup from its first byte to its last and checks all of it. A snapshot must be read to
 * its end before the walk goes on. Whatever is wrong is an {@link UnusableBackupException}; that
 * the file cannot be read, another {@link IOException}.
 */
final class BackupWalk implements Closeable {

  private final Path file;
  private final FileChannel channel;
  private final long size;
  private final MessageDigest hash = BackupFormat.newHash();
  private String clusterId = "";
  private long createdAtMillis;
  private int partitions;
  private int headerCheck;
  private String part = "header";
  private long frameAt;
  private long position;
  private long sections;
  private PartitionId partition = new PartitionId(0);
  private long sectionEnd;
  private String id = "";

  private BackupWalk(Path file, FileChannel channel) throws IOException {
    this.file = file;
    this.channel = channel;
    this.size = channel.size();
  }

  /** Opens a file and reads the header. */
  static BackupWalk open(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      BackupWalk walk = new BackupWalk(file, channel);
      walk.readHeader();
      return walk;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private void readHeader() throws IOException {
    ByteBuffer preamble = read(BackupFormat.PREAMBLE_BYTES);
    byte[] magic = new byte[BackupFormat.MAGIC.length];
    preamble.get(magic);
    if (!Arrays.equals(magic, BackupFormat.MAGIC)) {
      throw unusable("it does not begin as a backup does");
    }
    int version = preamble.getInt();
    if (version != BackupFormat.VERSION) {
      throw unusable(
          "it has format version "
              + version
              + ", this release reads version "
              + BackupFormat.VERSION);
    }
    int length = preamble.getInt();
    if (length < 0 || length > BackupFormat.MAX_HEADER_BYTES) {
      throw unusable("its header cannot have " + length + " bytes");
    }
    ByteBuffer rest = read(length + BackupFormat.CHECK_BYTES);
    CRC32C crc = new CRC32C();
    crc.update(preamble.rewind());
    crc.update(rest.duplicate().limit(length));
    headerCheck = rest.getInt(length);
    if (headerCheck != (int) crc.getValue()) {
      throw unusable("the checksum of its header does not fit");
    }
    rest.limit(length);
    int clusterLength = length < 4 ? -1 : rest.getInt();
    if (clusterLength < 0 || clusterLength > rest.remaining() - 8 - 4) {
      throw unusable("its header makes no sense"); // its checksum fits: it was written so
    }
    byte[] cluster = new byte[clusterLength];
    rest.get(cluster);
    clusterId = new String(cluster, StandardCharsets.UTF_8);
    createdAtMillis = rest.getLong();
    partitions = rest.getInt();
  }

  String clusterId() {
    return clusterId;
  }

  int partitions() {
    return partitions;
  }

  /** What the backup says about itself, once its end was reached. */
  BackupLabel label() {
    return new BackupLabel(id, clusterId, Instant.ofEpochMilli(createdAtMillis), partitions, size);
  }

  /** Goes to the trailer and believes that the rest is as it should be. */
  void skipToTrailer() throws IOException {
    part = "trailer";
    position = size - BackupFormat.TRAILER_BYTES;
    frameAt = position;
    if (position < BackupFormat.PREAMBLE_BYTES) {
      throw unusable("it ends here");
    }
    ByteBuffer trailer = read(BackupFormat.TRAILER_BYTES);
    sections = trailer.getLong(1);
    byte[] expected = checkedTrailer(trailer);
    id = HexFormat.of().formatHex(expected);
  }

  /**
   * Goes to the next snapshot.
   *
   * @return false if that was the last one, and all of the backup is good
   */
  boolean next() throws IOException {
    while (true) {
      part = sections < partitions ? "after " + sections + " of " + partitions : "trailer";
      frameAt = position;
      byte kind = read(1).get();
      switch (kind) {
        case BackupFormat.NOTHING -> {}
        case BackupFormat.SECTION -> {
          readSection();
          return true;
        }
        case BackupFormat.GIVEN_UP -> throw unusable("it was given up: " + reason());
        case BackupFormat.TRAILER -> {
          readTrailer();
          return false;
        }
        default -> throw unusable("there is no kind " + kind + " of part");
      }
    }
  }

  private void readSection() throws IOException {
    ByteBuffer rest = read(BackupFormat.SECTION_BYTES - 1);
    int body = BackupFormat.SECTION_BYTES - 1 - BackupFormat.CHECK_BYTES;
    ByteBuffer all = BackupFormat.allocate(BackupFormat.SECTION_BYTES);
    all.put(BackupFormat.SECTION).put(rest.duplicate().limit(body)).flip();
    if (rest.getInt(body) != BackupFormat.checkOf(headerCheck, sections, all)) {
      throw unusable("the checksum of the beginning of a snapshot does not fit");
    }
    long next = rest.getLong(0);
    long length = rest.getLong(8);
    if (next < 0 || (sections > 0 && next <= partition.value()) || sections == partitions) {
      throw unusable("partition " + next + " does not follow " + partition);
    }
    if (length < 0 || length > size - position) {
      throw unusable("a snapshot of " + length + " bytes does not end within the file");
    }
    partition = new PartitionId(next);
    part = "partition " + next;
    sections++;
    sectionEnd = position + length;
  }

  private String reason() throws IOException {
    int length = Math.min(read(4).getInt(), BackupFormat.MAX_REASON_BYTES);
    ByteBuffer text = read(Math.max(0, (int) Math.min(length, size - position)));
    return StandardCharsets.UTF_8.decode(text).toString();
  }

  private void readTrailer() throws IOException {
    byte[] before = hashSoFar();
    position = frameAt;
    ByteBuffer trailer = read(BackupFormat.TRAILER_BYTES);
    byte[] expected = checkedTrailer(trailer);
    if (!Arrays.equals(before, expected)) {
      throw unusable("the hash of everything in it does not fit");
    }
    if (trailer.getLong(1) != partitions) {
      throw unusable("it has " + trailer.getLong(1) + " of " + partitions + " partitions");
    }
    id = HexFormat.of().formatHex(expected);
  }

  /** What the hash of everything is that the trailer must contain. The kind was hashed already. */
  private byte[] hashSoFar() throws IOException {
    read(BackupFormat.TRAILER_BYTES - 1 - 32 - BackupFormat.CHECK_BYTES);
    return hash.digest();
  }

  private byte[] checkedTrailer(ByteBuffer trailer) throws IOException {
    int end = BackupFormat.TRAILER_BYTES - BackupFormat.CHECK_BYTES;
    int check = BackupFormat.checkOf(headerCheck, sections, trailer.duplicate().limit(end));
    if (trailer.get(0) != BackupFormat.TRAILER
        || trailer.getInt(end) != check
        || trailer.getLong(1) != sections) {
      throw unusable("it does not end as a backup does: cut off or damaged");
    }
    if (trailer.getLong(9) != size) {
      throw unusable("it has " + size + " bytes instead of " + trailer.getLong(9));
    }
    byte[] expected = new byte[32];
    trailer.get(17, expected);
    return expected;
  }

  /** The byte that is read next. */
  long position() {
    return position;
  }

  /** The partition whose snapshot comes now. */
  PartitionId partition() {
    return partition;
  }

  /** Its snapshot, to be read once, in order; closing it is not needed. */
  SnapshotStore.Content section() {
    long start = position;
    long length = sectionEnd - start;
    return new SnapshotStore.Content() {
      @Override
      public long size() {
        return length;
      }

      @Override
      public int read(long at, ByteBuffer into) throws IOException {
        if (start + at != position) {
          throw new IllegalStateException("read at " + at + " instead of " + (position - start));
        }
        if (position == sectionEnd) {
          return -1;
        }
        int limit = into.limit();
        into.limit((int) Math.min(limit, into.position() + (sectionEnd - position)));
        ByteBuffer hashed = into.duplicate();
        int read = channel.read(into, position);
        into.limit(limit);
        if (read < 0) {
          throw shorter();
        }
        hash.update(hashed.limit(hashed.position() + read));
        position += read;
        return read;
      }

      @Override
      public void close() {}
    };
  }

  /** The snapshot was read to its end. */
  void endSection() throws IOException {
    if (position != sectionEnd) {
      throw unusable(position, "its snapshot ends before byte " + sectionEnd, null);
    }
  }

  UnusableBackupException unusable(long at, String problem, @Nullable Exception cause) {
    return new UnusableBackupException(file, part, at, problem, cause);
  }

  private UnusableBackupException unusable(String problem) {
    return new UnusableBackupException(file, part, frameAt, problem);
  }

  private EOFException shorter() {
    return new EOFException("backup " + file + " has become shorter at " + position);
  }

  private ByteBuffer read(int length) throws IOException {
    if (size - position < length) {
      throw unusable("it ends here, after " + size + " bytes");
    }
    ByteBuffer into = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (into.hasRemaining()) {
      int read = channel.read(into, position);
      if (read < 0) {
        throw shorter();
      }
      position += read;
    }
    hash.update(into.flip().duplicate());
    return into;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
