package org.raftactors.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.serialization.SerializationExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.raftactors.CborCodec;
import org.raftactors.Codec;
import org.raftactors.PlainCodecs;
import org.raftactors.RaftPartition;
import org.raftactors.Token;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.write.Written;
import org.raftactors.testkit.fuzz.DecoderFuzz;

/**
 * Every decoder of the library against damaged bytes: refused with its own exception or read
 * without harm, at a bounded cost. {@code -Dfuzz.seed=N -Dfuzz.cases=N} for other cases and more.
 */
class FuzzedFormatsTest {

  private static final long SEED = Long.getLong("fuzz.seed", 20261121);
  private static final int CASES = Integer.getInteger("fuzz.cases", 4_000);

  private static ActorTestKit kit;
  private static RaftSerializer serializer;

  @BeforeAll
  static void start() throws Exception {
    kit = ActorTestKit.create();
    serializer =
        (RaftSerializer)
            SerializationExtension.get(Adapter.toClassic(kit.system()))
                .serializerFor(Written.class);
  }

  @AfterAll
  static void stop() {
    kit.shutdownTestKit();
  }

  static Stream<String> manifests() {
    return Stream.of("m", "t", "w", "s", "p", "b", "r", "j", "k", "u", "c", "d", "a");
  }

  private static Map<String, List<Object>> samples() {
    List<Object> all = new ArrayList<>();
    all.addAll(Samples.peerMessages(kit.<RaftPartition.Command>createTestProbe().getRef()));
    all.addAll(Samples.snapshotMessages(kit.<RaftPartition.Command>createTestProbe().getRef()));
    all.addAll(Samples.journal());
    all.addAll(Samples.requests(kit.createTestProbe().getRef()));
    all.addAll(Samples.refusals());
    all.addAll(Samples.results());
    Map<String, List<Object>> byManifest = new LinkedHashMap<>();
    for (Object sample : all) {
      byManifest.computeIfAbsent(serializer.manifest(sample), any -> new ArrayList<>()).add(sample);
    }
    return byManifest;
  }

  @Test
  void everyManifest_isFuzzed() {
    assertThat(samples().keySet()).containsExactlyInAnyOrderElementsOf(manifests().toList());
    assertThatThrownBy(() -> serializer.fromBinary(new byte[0], "?"))
        .hasMessageContainingAll(manifests().toArray(String[]::new));
  }

  @ParameterizedTest(name = "manifest {0}")
  @MethodSource("manifests")
  void message_damaged_isRefusedOrReadWithoutHarm(String manifest) {
    DecoderFuzz<Object> fuzz =
        DecoderFuzz.of(
                serializer::toBinary,
                bytes -> serializer.fromBinary(bytes, manifest),
                samples().getOrDefault(manifest, List.of()))
            .refusing(DecodeException.class)
            .repairing(FuzzedFormatsTest::withHeaderChecksum);
    boolean nestsAnApplicationsResult = manifest.equals("c") || manifest.equals("a");
    assertThat((nestsAnApplicationsResult ? nesting(fuzz) : fuzz).run(SEED, CASES)).isPositive();
  }

  /** CBOR, the application's format here, reads text that it does not write. */
  private static DecoderFuzz<Object> nesting(DecoderFuzz<Object> fuzz) {
    return fuzz.refusing(IllegalArgumentException.class).readingMoreThanItWrites();
  }

  /** What a header says is believed only if its checksum fits: make it fit. */
  private static byte[] withHeaderChecksum(byte[] bytes) {
    if (bytes.length > Integer.BYTES) {
      CRC32C crc = new CRC32C();
      crc.update(bytes, 0, bytes.length - 4);
      for (int i = 0; i < 4; i++) {
        bytes[bytes.length - 4 + i] = (byte) (crc.getValue() >>> (8 * i));
      }
    }
    return bytes;
  }

  @Test
  void entryFrames_damaged_areRefused() {
    List<List<LogEntry>> samples =
        List.of(Samples.entries(9, 3), Samples.entries(9, 3).subList(0, 3));
    DecoderFuzz.of(
            FuzzedFormatsTest::frames,
            bytes -> EntryFrames.read(new Input("frames", bytes, 0), new LogPosition(9, 2), 3),
            samples)
        .refusing(DecodeException.class)
        .run(SEED, CASES);
  }

  private static byte[] frames(List<LogEntry> entries) {
    Output out = Output.ofSize(16);
    out.putByte(0); // the version
    EntryFrames.write(entries, out);
    return out.toArray();
  }

  @Test
  void codecsOfTheLibrary_damaged_refuseOrReadWithoutHarm() {
    fuzz(PlainCodecs.TEXT, List.of("text", "grün/€ 𝄞", "")).run(SEED, CASES);
    fuzz(PlainCodecs.BYTES, List.of(new byte[] {1, 2, 3})).run(SEED, CASES);
    fuzz(
            CborCodec.of(Samples.UserResult.class),
            List.of(new Samples.UserResult("key", 7), new Samples.UserResult("𝄞".repeat(50), -1)))
        .run(SEED, CASES);
  }

  private static <T> DecoderFuzz<T> fuzz(Codec<T> codec, List<T> samples) {
    return DecoderFuzz.of(codec::encode, bytes -> codec.decode(bytes, 0, bytes.length), samples)
        .refusing(IllegalArgumentException.class);
  }

  @Test
  void tokens_damaged_areRefusedOrReadWithoutHarm() {
    DecoderFuzz.of(
            (Token token) -> token.asText().getBytes(StandardCharsets.ISO_8859_1),
            bytes -> Token.parse(new String(bytes, StandardCharsets.ISO_8859_1)),
            List.of(Samples.token(), Token.parse("1.0.0.0")))
        .refusing(IllegalArgumentException.class)
        .run(SEED, CASES);
  }
}
