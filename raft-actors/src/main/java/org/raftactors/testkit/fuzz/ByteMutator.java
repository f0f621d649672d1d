package org.raftactors.testkit.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Damages valid bytes: flipped bits, cut and extended ends, pieces of one sample in another, fields
 * set to extreme lengths, numbers of variable length that do not end. The same seed damages in the
 * same way.
 */
final class ByteMutator {

  private static final int MOST_CHANGES = 4;
  private static final int LONGEST_EXTENSION = 64;
  private static final int LONGEST_RUN = 12;

  private static final long[] EXTREMES = {
    0, 1, -1, Long.MAX_VALUE, Long.MIN_VALUE, Integer.MAX_VALUE, Integer.MIN_VALUE, 0xffff, 0x7fff
  };

  private final SplittableRandom random;
  private final List<byte[]> samples;

  ByteMutator(long seed, List<byte[]> samples) {
    this.random = new SplittableRandom(seed);
    this.samples = samples;
  }

  /** Another damaged sample. */
  byte[] next() {
    byte[] bytes = samples.get(random.nextInt(samples.size())).clone();
    for (int changes = 1 + random.nextInt(MOST_CHANGES); changes > 0; changes--) {
      bytes = change(bytes);
    }
    return bytes;
  }

  private byte[] change(byte[] bytes) {
    if (bytes.length == 0) {
      return extend(bytes);
    }
    int at = random.nextInt(bytes.length);
    switch (random.nextInt(9)) {
      case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> bytes[at] = (byte) random.nextInt();
      case 2 -> setField(bytes, at);
      case 3 -> {
        return Arrays.copyOf(bytes, at);
      }
      case 4 -> {
        return extend(bytes);
      }
      case 5 -> {
        return splice(bytes, at);
      }
      case 6 -> {
        return without(bytes, at);
      }
      case 7 -> endlessNumber(bytes, at);
      default -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 8), (byte) 0xff);
    }
    return bytes;
  }

  private byte[] extend(byte[] bytes) {
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(LONGEST_EXTENSION));
    for (int i = bytes.length; i < longer.length; i++) {
      longer[i] = (byte) random.nextInt();
    }
    return longer;
  }

  /** The head of one and the tail of another, or of the same again. */
  private byte[] splice(byte[] head, int length) {
    byte[] other = samples.get(random.nextInt(samples.size()));
    int from = other.length == 0 ? 0 : random.nextInt(other.length);
    byte[] joined = Arrays.copyOf(head, length + other.length - from);
    System.arraycopy(other, from, joined, length, other.length - from);
    return joined;
  }

  private byte[] without(byte[] bytes, int at) {
    int end = Math.min(bytes.length, at + 1 + random.nextInt(8));
    byte[] shorter = Arrays.copyOf(bytes, bytes.length - (end - at));
    System.arraycopy(bytes, end, shorter, at, bytes.length - end);
    return shorter;
  }

  /** A length, count or position that lies. */
  private void setField(byte[] bytes, int at) {
    long value =
        random.nextBoolean()
            ? EXTREMES[random.nextInt(EXTREMES.length)]
            : bytes.length + random.nextInt(9) - 4L;
    int width = 1 << random.nextInt(4);
    ByteBuffer field =
        ByteBuffer.allocate(Long.BYTES)
            .order(random.nextBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    field.putLong(value);
    int from = field.order() == ByteOrder.BIG_ENDIAN ? Long.BYTES - width : 0;
    System.arraycopy(field.array(), from, bytes, at, Math.min(width, bytes.length - at));
  }

  /** Each byte says that another one follows. */
  private void endlessNumber(byte[] bytes, int at) {
    int end = Math.min(bytes.length, at + 1 + random.nextInt(LONGEST_RUN));
    for (int i = at; i < end; i++) {
      bytes[i] = (byte) (0x80 | random.nextInt(0x80));
    }
  }
}
