package org.raftactors.snapshot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.zip.CRC32C;
import org.raftactors.PartitionId;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.log.SnapshotBase;
import org.raftactors.core.membership.Configuration;
import org.raftactors.core.membership.ReplicaId;

/**
 * The bytes of a snapshot, all numbers little-endian.
 *
 * <pre>
 * preamble  magic (8 bytes), version (int), length of the header (int)
 * header    cluster id (int length, UTF-8), partition, index, term, timestamp (longs),
 *           flag and value of the digest (byte, long), voters and learners (int count, longs);
 *           what may follow in it is skipped
 * check     CRC32C of preamble and header (int)
 * chunks    kind 1 (byte), length (int), CRC32C (int), bytes of the state
 * trailer   kind 127 (byte), number of chunks, bytes of state, bytes of the whole file (longs),
 *           SHA-256 of everything up to here (32 bytes), CRC32C of the trailer (int)
 * </pre>
 *
 * <p>The check of a chunk and of the trailer covers the header's check and the chunk's number too:
 * a chunk in another place, or in another file, does not pass. Other kinds of chunks are for later
 * versions (a table of sessions will stand before the state); this one refuses them.
 */
final class SnapshotFormat {

  static final int VERSION = 1;

  static final int PREAMBLE_BYTES = 8 + 4 + 4;
  static final int CHECK_BYTES = 4;
  static final int FRAME_HEADER_BYTES = 1 + 4 + 4;
  static final int TRAILER_BYTES = 1 + 8 + 8 + 8 + 32 + 4;

  static final byte STATE = 1;
  static final byte TRAILER = 127;

  /** What a writer puts into one chunk, and so the most that is lost in a stage that is resumed. */
  static final int CHUNK_BYTES = 64 << 10;

  /** What a reader takes at most, so that nobody makes it allocate more. */
  static final int MAX_CHUNK_BYTES = 1 << 20;

  static final int MAX_HEADER_BYTES = 1 << 20;

  private static final byte[] MAGIC = "RaftSnap".getBytes(StandardCharsets.US_ASCII);

  private SnapshotFormat() {}

  static ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Preamble, header and check. */
  static ByteBuffer headerBytes(SnapshotHeader header) {
    byte[] cluster = header.clusterId().getBytes(StandardCharsets.UTF_8);
    Configuration configuration = header.base().configuration();
    int members = configuration.voters().size() + configuration.learners().size();
    int length = 4 + cluster.length + 4 * 8 + 1 + 8 + 4 + 4 + 8 * members;
    ByteBuffer out = allocate(PREAMBLE_BYTES + length + CHECK_BYTES);
    out.put(MAGIC).putInt(VERSION).putInt(length);
    out.putInt(cluster.length).put(cluster);
    out.putLong(header.partition().value());
    out.putLong(header.base().position().index()).putLong(header.base().position().term());
    out.putLong(header.timestampMillis());
    out.put((byte) (header.digest().isPresent() ? 1 : 0)).putLong(header.digest().orElse(0));
    putReplicas(out, configuration.voters());
    putReplicas(out, configuration.learners());
    out.putInt(check(out, PREAMBLE_BYTES + length));
    return out.flip();
  }

  /** CRC32C of the first bytes of a buffer. */
  static int check(ByteBuffer buffer, int length) {
    CRC32C crc = new CRC32C();
    crc.update(buffer.duplicate().position(0).limit(length));
    return (int) crc.getValue();
  }

  /**
   * Reads the preamble.
   *
   * @param in 16 bytes
   * @return the length of the header
   */
  static int readPreamble(String name, ByteBuffer in) throws UnusableSnapshotException {
    byte[] magic = new byte[MAGIC.length];
    in.get(magic);
    if (!Arrays.equals(magic, MAGIC)) {
      throw new UnusableSnapshotException(name, "it does not begin as a snapshot does");
    }
    int version = in.getInt();
    if (version != VERSION) {
      throw new UnusableSnapshotException(
          name, "it has format version " + version + ", this release reads version " + VERSION);
    }
    int length = in.getInt();
    if (length < 0 || length > MAX_HEADER_BYTES) {
      throw new UnusableSnapshotException(name, "its header cannot have " + length + " bytes");
    }
    return length;
  }

  /**
   * Reads a header whose check fits, so what is wrong with it now was written so.
   *
   * @param in the header only
   */
  static SnapshotHeader readHeader(String name, ByteBuffer in) throws UnusableSnapshotException {
    try {
      byte[] cluster = new byte[count(in, 1)];
      in.get(cluster);
      PartitionId partition = new PartitionId(in.getLong());
      LogPosition position = new LogPosition(in.getLong(), in.getLong());
      long timestamp = in.getLong();
      boolean known = in.get() == 1;
      long digest = in.getLong();
      Configuration configuration = new Configuration(readReplicas(in), readReplicas(in));
      return new SnapshotHeader(
          new String(cluster, StandardCharsets.UTF_8),
          partition,
          new SnapshotBase(position, configuration),
          timestamp,
          known ? OptionalLong.of(digest) : OptionalLong.empty());
    } catch (RuntimeException e) { // buffer underflow, or what the records refuse
      throw new UnusableSnapshotException(name, "its header makes no sense: " + e);
    }
  }

  private static int count(ByteBuffer in, int bytesEach) {
    int count = in.getInt();
    if (count < 0 || (long) count * bytesEach > in.remaining()) {
      throw new IllegalArgumentException(count + " things do not fit");
    }
    return count;
  }

  private static void putReplicas(ByteBuffer out, List<ReplicaId> replicas) {
    out.putInt(replicas.size());
    for (ReplicaId replica : replicas) {
      out.putLong(replica.value());
    }
  }

  private static List<ReplicaId> readReplicas(ByteBuffer in) {
    int count = count(in, Long.BYTES);
    List<ReplicaId> replicas = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      replicas.add(new ReplicaId(in.getLong()));
    }
    return replicas;
  }

  /** The start of the check of a chunk or trailer: what file it is in, and where. */
  static CRC32C checkAt(int headerCheck, long number) {
    ByteBuffer place = allocate(12).putInt(headerCheck).putLong(number).flip();
    CRC32C crc = new CRC32C();
    crc.update(place);
    return crc;
  }

  static MessageDigest newHash() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
