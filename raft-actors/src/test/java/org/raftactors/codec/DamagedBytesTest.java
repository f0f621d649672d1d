package org.raftactors.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.serialization.SerializationExtension;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.raftactors.RaftPartition;
import org.raftactors.core.log.EntryKind;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.log.Payload;
import org.raftactors.core.write.HardState;
import org.raftactors.core.write.Written;

/**
 * What can be tried in full: bytes cut anywhere, flipped anywhere, longer than known, moved, and
 * counts that promise too much. {@link FuzzedFormatsTest} tries the rest at random.
 */
class DamagedBytesTest {

  /** A message, its bytes, and how to read them. */
  @SuppressWarnings("ArrayRecordComponent") // a handful of test data, never compared
  private record Sample(Object message, byte[] bytes, String manifest) {}

  private static ActorTestKit kit;
  private static RaftSerializer serializer;
  private static List<Sample> samples;

  @BeforeAll
  static void start() throws Exception {
    kit = ActorTestKit.create();
    serializer =
        (RaftSerializer)
            SerializationExtension.get(Adapter.toClassic(kit.system()))
                .serializerFor(Written.class);
    List<Object> messages = new ArrayList<>();
    messages.addAll(Samples.peerMessages(kit.<RaftPartition.Command>createTestProbe().getRef()));
    messages.addAll(
        Samples.snapshotMessages(kit.<RaftPartition.Command>createTestProbe().getRef()));
    messages.addAll(Samples.journal());
    messages.addAll(Samples.requests(kit.createTestProbe().getRef()));
    messages.addAll(Samples.refusals());
    messages.addAll(Samples.results());
    samples = messages.stream().map(DamagedBytesTest::sample).toList();
  }

  @AfterAll
  static void stop() {
    kit.shutdownTestKit();
  }

  private static Sample sample(Object message) {
    return new Sample(message, serializer.toBinary(message), serializer.manifest(message));
  }

  /** The decoded message as bytes again; null if it was refused in the proper way. */
  private static byte @Nullable [] decode(byte[] bytes, String manifest) {
    Object decoded;
    try {
      decoded = serializer.fromBinary(bytes, manifest);
    } catch (DecodeException e) {
      assertThat(e.getMessage()).isNotBlank();
      return null;
    }
    return serializer.toBinary(decoded);
  }

  @Test
  void truncatedAnywhere_isRefused() {
    for (Sample sample : samples) {
      for (int length = 0; length < sample.bytes().length; length++) {
        byte[] cut = Arrays.copyOf(sample.bytes(), length);
        assertThatThrownBy(() -> serializer.fromBinary(cut, sample.manifest()))
            .as("%s cut to %d bytes", sample.message(), length)
            .isInstanceOf(DecodeException.class);
      }
    }
  }

  @Test
  void unknownTrailingFields_areSkipped() {
    for (Sample sample : samples) {
      byte[] longer = Arrays.copyOf(sample.bytes(), sample.bytes().length + 7);
      assertThat(decode(longer, sample.manifest())).isEqualTo(sample.bytes());
    }
  }

  /** The nested result has the checks of its own serializer, which need not see everything. */
  private static boolean isOursToTheLastByte(Sample sample) {
    return !sample.manifest().equals("c") && !sample.manifest().equals("a");
  }

  @Test
  void everyFlippedByte_isRefused() {
    for (Sample sample : samples.stream().filter(DamagedBytesTest::isOursToTheLastByte).toList()) {
      for (int at = 0; at < sample.bytes().length; at++) {
        for (int mask : new int[] {0x01, 0x80, 0xff}) {
          byte[] flipped = sample.bytes().clone();
          flipped[at] ^= (byte) mask;
          assertThatThrownBy(() -> serializer.fromBinary(flipped, sample.manifest()))
              .as("%s with byte %d flipped by %x", sample.message(), at, mask)
              .isInstanceOf(DecodeException.class);
        }
      }
    }
  }

  /** The checksum of the header fits: it was written like this. */
  @Test
  void aBatchWhoseCountOrLengthsPromiseTooMuch_isRefused() {
    for (int wrong : new int[] {-1, 1_000, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      byte[] count = batchHeader(wrong, 0);
      byte[] length = batchHeader(2, wrong);
      for (byte[] bytes : List.of(count, length)) {
        assertThatThrownBy(() -> serializer.fromBinary(bytes, "b"))
            .isInstanceOf(DecodeException.class);
      }
    }
  }

  private static byte[] batchHeader(int count, int lengthOfTheSecond) {
    Output out = Output.ofSize(64);
    out.putByte(RequestFormat.VERSION);
    out.putLong(1);
    out.putText("reference");
    out.putInt(count);
    for (int length : new int[] {0, lengthOfTheSecond}) {
      out.putInt(Payload.EMPTY.crc32c());
      out.putInt(length);
    }
    out.putHeaderChecksum();
    return out.toArray();
  }

  @Test
  void frameInTheWrongPlace_isRefused() {
    Payload payload = Payload.of(new byte[] {5, 6, 7});
    LogEntry tenth = new LogEntry(10, 2, 1000, EntryKind.COMMAND, payload);
    LogEntry eleventh = new LogEntry(11, 2, 1000, EntryKind.COMMAND, payload);
    byte[] right = frames(List.of(tenth, eleventh));
    int half = right.length / 2;
    byte[] swapped = new byte[right.length];
    System.arraycopy(right, half, swapped, 0, half);
    System.arraycopy(right, 0, swapped, half, half);
    assertThat(readFrames(right, new LogPosition(9, 2))).hasSize(2);
    assertThatThrownBy(() -> readFrames(swapped, new LogPosition(9, 2)))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("entry 10");
    assertThatThrownBy(() -> readFrames(right, new LogPosition(8, 2)))
        .isInstanceOf(DecodeException.class);
  }

  private static byte[] frames(List<LogEntry> entries) {
    Output out = Output.ofSize(16);
    EntryFrames.write(entries, out);
    return out.toArray();
  }

  private static List<LogEntry> readFrames(byte[] frames, LogPosition previous) {
    byte[] versioned = new byte[frames.length + 1];
    System.arraycopy(frames, 0, versioned, 1, frames.length);
    return EntryFrames.read(new Input("frames", versioned, 0), previous, 2);
  }

  @Test
  void forgedCounts_areRefusedBeforeAnythingIsAllocatedForThem() {
    Written event = new Written(HardState.INITIAL, Samples.BASE, LogPosition.ZERO, List.of(), 0);
    byte[] bytes = serializer.toBinary(event);
    for (int count : new int[] {1, 1000, Integer.MAX_VALUE, -1, Integer.MIN_VALUE}) {
      for (int i = 0; i < 4; i++) {
        bytes[bytes.length - 8 + i] = (byte) (count >>> (8 * i));
      }
      putHeaderChecksum(bytes);
      assertThatThrownBy(() -> serializer.fromBinary(bytes, "w"))
          .isInstanceOf(DecodeException.class)
          .hasMessageContaining(count + " entries");
    }
  }

  private static void putHeaderChecksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, bytes.length - 4);
    for (int i = 0; i < 4; i++) {
      bytes[bytes.length - 4 + i] = (byte) (crc.getValue() >>> (8 * i));
    }
  }
}
