package org.raftactors.examples.benchmark;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.raftactors.ApplyContext;
import org.raftactors.Codec;
import org.raftactors.Codecs;
import org.raftactors.SnapshotReader;
import org.raftactors.SnapshotView;
import org.raftactors.StateMachine;

/**
 * Counts commands and folds them into a checksum that depends on their order. Returns each
 * command's number, by which the load generator knows it again, and so does a query. On request it
 * also remembers the latest commands, so that its state has a size.
 */
final class Tally implements StateMachine<Sample, Long, Long> {

  static final Codec<Long> NUMBER =
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
  private final byte[] @Nullable [] remembered;
  private long sum;

  /**
   * Written last, read first: who sees a count also sees the sum that belongs to it, or a later.
   */
  private volatile long count;

  /**
   * A fresh one.
   *
   * @param keys how many commands it remembers
   */
  Tally(int keys) {
    this.remembered = new byte[keys][];
  }

  @Override
  public Long apply(ApplyContext context, Sample command) {
    sum = sum * 31 + command.checksum(crc);
    if (remembered.length > 0) {
      remembered[(int) (command.number() % remembered.length)] = command.toArray();
    }
    increment();
    return command.number();
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // written by one thread at a time
  private void increment() {
    count++;
  }

  @Override
  public Long query(Long query) {
    return query;
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
    byte[] @Nullable [] commands = remembered.clone(); // references only: a command never changes
    long sumNow = sum;
    long countNow = count;
    return out -> {
      DataOutputStream data = new DataOutputStream(out);
      data.writeLong(sumNow);
      data.writeLong(countNow);
      data.writeInt(commands.length);
      for (byte[] command : commands) {
        data.writeInt(command == null ? -1 : command.length);
        data.write(command == null ? new byte[0] : command);
      }
    };
  }

  @Override
  public void restore(SnapshotReader in) throws IOException {
    DataInputStream data = new DataInputStream(in.state());
    sum = data.readLong();
    count = data.readLong();
    if (data.readInt() != remembered.length) {
      throw new IOException("the snapshot has another number of commands than --keys says");
    }
    for (int i = 0; i < remembered.length; i++) {
      int length = data.readInt();
      remembered[i] = length < 0 ? null : data.readNBytes(length);
    }
  }
  // #small
}
