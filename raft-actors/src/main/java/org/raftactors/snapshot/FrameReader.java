package org.raftactors.snapshot;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * Reads a snapshot frame by frame and hands out nothing that is not checked. Holds one frame.
 *
 * <p>Bytes that do not fit raise an {@link UnusableSnapshotException}; a store that fails, another
 * {@link IOException}.
 */
final class FrameReader {

  private final String name;
  private final SnapshotStore.Content content;
  private final long size;
  private final SnapshotHeader header;
  private final int headerCheck;
  private final MessageDigest hash = SnapshotFormat.newHash();
  private ByteBuffer data = SnapshotFormat.allocate(0);
  private long position;
  private long chunks;
  private long stateBytes;
  private String sum = "";

  FrameReader(String name, SnapshotStore.Content content) throws IOException {
    this.name = name;
    this.content = content;
    this.size = content.size();
    ByteBuffer preamble = read(SnapshotFormat.PREAMBLE_BYTES, "its first bytes");
    int length = SnapshotFormat.readPreamble(name, preamble.duplicate().order(preamble.order()));
    ByteBuffer rest = read(length + SnapshotFormat.CHECK_BYTES, "its header");
    CRC32C crc = new CRC32C();
    crc.update(preamble.rewind());
    crc.update(rest.duplicate().limit(length));
    headerCheck = rest.getInt(length);
    if (headerCheck != (int) crc.getValue()) {
      throw unusable("the checksum of its header does not fit");
    }
    hash.update(preamble.rewind());
    hash.update(rest.duplicate());
    header = SnapshotFormat.readHeader(name, rest.limit(length));
  }

  SnapshotHeader header() {
    return header;
  }

  /**
   * Looks at the end only.
   *
   * @return the hash of the whole, as the trailer has it
   */
  String hashInTrailer() throws IOException {
    long here = position;
    position = size - SnapshotFormat.TRAILER_BYTES;
    if (position < here) {
      throw unusable("it ends within its trailer, after " + size + " bytes");
    }
    ByteBuffer trailer = read(SnapshotFormat.TRAILER_BYTES, "its trailer");
    position = here;
    int end = SnapshotFormat.TRAILER_BYTES - SnapshotFormat.CHECK_BYTES;
    CRC32C crc = SnapshotFormat.checkAt(headerCheck, trailer.getLong(1));
    crc.update(trailer.duplicate().limit(end));
    if (trailer.get(0) != SnapshotFormat.TRAILER
        || trailer.getLong(17) != size
        || trailer.getInt(end) != (int) crc.getValue()) {
      throw unusable("it does not end as a snapshot does: half written, cut off or damaged");
    }
    byte[] expected = new byte[32];
    trailer.get(25, expected);
    return HexFormat.of().formatHex(expected);
  }

  /** Behind the last frame that was good. */
  long position() {
    return position;
  }

  /** The hash of the whole, once {@link #next} has returned false. */
  String hash() {
    return sum;
  }

  /**
   * Reads the next frame.
   *
   * @return true if {@link #data()} is a part of the state, false if that was the end and all of
   *     the snapshot is good
   */
  boolean next() throws IOException {
    long start = position;
    try {
      ByteBuffer head = read(1, "a frame");
      byte kind = head.get(0);
      if (kind == SnapshotFormat.STATE) {
        readChunk(head);
        return true;
      } else if (kind == SnapshotFormat.TRAILER) {
        readTrailer(head);
        return false;
      }
      throw unusable("there is no kind " + kind + " of chunk " + chunks);
    } catch (IOException e) {
      position = start;
      throw e;
    }
  }

  private void readChunk(ByteBuffer kind) throws IOException {
    ByteBuffer head = read(SnapshotFormat.FRAME_HEADER_BYTES - 1, "chunk " + chunks);
    int length = head.getInt(0);
    if (length < 1 || length > SnapshotFormat.MAX_CHUNK_BYTES) {
      throw unusable("chunk " + chunks + " cannot have " + length + " bytes");
    }
    if (data.capacity() < length) {
      data = SnapshotFormat.allocate(Math.max(length, SnapshotFormat.CHUNK_BYTES));
    }
    fill(data.clear().limit(length), "chunk " + chunks);
    CRC32C crc = SnapshotFormat.checkAt(headerCheck, chunks);
    crc.update(kind.rewind());
    crc.update(head.duplicate().limit(4));
    crc.update(data.duplicate());
    if (head.getInt(4) != (int) crc.getValue()) {
      throw unusable("the checksum of chunk " + chunks + " does not fit");
    }
    hash.update(kind.rewind());
    hash.update(head.duplicate());
    hash.update(data.duplicate());
    chunks++;
    stateBytes += length;
  }

  private void readTrailer(ByteBuffer kind) throws IOException {
    ByteBuffer trailer = read(SnapshotFormat.TRAILER_BYTES - 1, "its trailer");
    CRC32C crc = SnapshotFormat.checkAt(headerCheck, chunks);
    crc.update(kind.rewind());
    crc.update(trailer.duplicate().limit(8 + 8 + 8 + 32));
    if (trailer.getInt(8 + 8 + 8 + 32) != (int) crc.getValue()) {
      throw unusable("the checksum of its trailer does not fit, or chunks are missing");
    }
    hash.update(kind.rewind());
    hash.update(trailer.duplicate().limit(8 + 8 + 8));
    byte[] expected = new byte[32];
    trailer.get(8 + 8 + 8, expected);
    if (trailer.getLong(0) != chunks || trailer.getLong(8) != stateBytes) {
      throw unusable("it has " + chunks + " chunks instead of " + trailer.getLong(0));
    }
    if (trailer.getLong(16) != size) {
      throw unusable("it has " + size + " bytes instead of " + trailer.getLong(16));
    }
    if (!Arrays.equals(hash.digest(), expected)) {
      throw unusable("its hash does not fit");
    }
    sum = HexFormat.of().formatHex(expected);
  }

  /** The state's bytes of the last frame, between position and limit. */
  ByteBuffer data() {
    return data;
  }

  private ByteBuffer read(int length, String what) throws IOException {
    ByteBuffer into = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    fill(into, what);
    return into;
  }

  private void fill(ByteBuffer into, String what) throws IOException {
    if (size - position < into.remaining()) {
      throw unusable("it ends within " + what + ", after " + size + " bytes");
    }
    int start = into.position();
    while (into.hasRemaining()) {
      int read = content.read(position, into);
      if (read < 0) {
        throw new EOFException("snapshot " + name + " has become shorter at " + position);
      }
      position += read;
    }
    into.position(start);
  }

  private UnusableSnapshotException unusable(String problem) {
    return new UnusableSnapshotException(name, problem);
  }
}
