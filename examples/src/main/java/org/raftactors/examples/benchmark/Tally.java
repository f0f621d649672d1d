package org.raftactors.examples.benchmark;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.raftactors.ApplyContext;
import org.raftactors.Codec;
import org.raftactors.Codecs;
import org.raftactors.SnapshotReader;
import org.raftactors.SnapshotView;
import org.raftactors.StateMachine;

/**
 * Counts commands and folds them into a checksum that depends on their order. Returns each
 * command's number, by which the load generator knows it again. A query returns the count.
 */
final class Tally implements StateMachine<Sample, Long, Long> {

  private static final Codec<Long> NUMBER =
      new Codec<>() {
        @Override
        public byte[] encode(Long value) {
          return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
        }

        @Override
        public Long decode(byte[] bytes, int offset, int length) {
          if (length != Long.BYTES) {
            throw new IllegalArgumentException("a number has 8 bytes, not " + length);
          }
          return ByteBuffer.wrap(bytes, offset, length).getLong();
        }
      };

  static final Codecs<Sample, Long, Long> CODECS = new Codecs<>(Sample.CODEC, NUMBER, NUMBER);

  private final CRC32C crc = new CRC32C();
  private long sum;

  /**
   * Written last, read first: who sees a count also sees the sum that belongs to it, or a later.
   */
  private volatile long count;

  @Override
  public Long apply(ApplyContext context, Sample command) {
    sum = sum * 31 + command.checksum(crc);
    increment();
    return command.number();
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // written by one thread at a time
  private void increment() {
    count++;
  }

  @Override
  public Long query(Long query) {
    return count;
  }

  /** A consistent pair only while nothing is applied. */
  long count() {
    return count;
  }

  long sum() {
    return count < 0 ? 0 : sum;
  }

  // #small
  @Override
  public SnapshotView snapshot() {
    return SnapshotView.of(ByteBuffer.allocate(2 * Long.BYTES).putLong(sum).putLong(count).array());
  }

  @Override
  public void restore(SnapshotReader in) throws IOException {
    DataInputStream data = new DataInputStream(in.state());
    sum = data.readLong();
    count = data.readLong();
  }
  // #small
}
