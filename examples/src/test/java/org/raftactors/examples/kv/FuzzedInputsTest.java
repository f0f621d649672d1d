package org.raftactors.examples.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.raftactors.Codec;
import org.raftactors.testkit.fuzz.DecoderFuzz;

/**
 * Commands, queries, results and bodies of requests, damaged: refused or read without harm, at a
 * bounded cost. {@code -Dfuzz.seed=N -Dfuzz.cases=N} for other cases and more.
 */
class FuzzedInputsTest {

  private static final long SEED = Long.getLong("fuzz.seed", 20261121);
  private static final int CASES = Integer.getInteger("fuzz.cases", 10_000);

  @Test
  void commands_damaged_areRefusedOrReadWithoutHarm() {
    fuzz(
        KvCodecs.ALL.command(),
        List.of(
            new KvCommand.Put("k", ByteString.fromInts(0, 255, 7)),
            new KvCommand.Put("", ByteString.emptyByteString()),
            new KvCommand.Delete("grün/€"),
            new KvCommand.CompareAndSet("k", null, ""),
            new KvCommand.CompareAndSet("k", "", "𝄞")));
  }

  @Test
  void queries_damaged_areRefusedOrReadWithoutHarm() {
    fuzz(KvCodecs.ALL.query(), List.of(new KvQuery.Get("k"), new KvQuery.Digest()));
  }

  @Test
  void results_damaged_areRefusedOrReadWithoutHarm() {
    fuzz(
        KvCodecs.ALL.result(),
        List.of(
            new KvResult.Written(Long.MAX_VALUE),
            new KvResult.Deleted(true),
            new KvResult.Compared(true, null),
            new KvResult.Compared(false, "x"),
            new KvResult.NotText(),
            new KvResult.Found(ByteString.fromString("v"), 7, 8),
            new KvResult.Absent(),
            new KvResult.Digest(1, 2, 3, -4, 5)));
  }

  private static <T> void fuzz(Codec<T> codec, List<T> samples) {
    int refused =
        DecoderFuzz.of(codec::encode, bytes -> codec.decode(bytes, 0, bytes.length), samples)
            .refusing(IllegalArgumentException.class)
            .run(SEED, CASES);
    assertThat(refused).isPositive();
  }

  @Test
  void bodiesOfCompareAndSet_damaged_areRefusedOrReadWithoutHarm() {
    List<byte[]> bodies =
        List.of(
            ByteString.fromString("{\"expect\":null,\"update\":\"x\"}").toArray(),
            ByteString.fromString("{\"expect\":\"\\u00e9\",\"update\":\"𝄞\"}").toArray());
    DecoderFuzz.<byte[]>of(
            body -> body,
            bytes -> {
              CasRequest.parse(ByteString.fromArray(bytes));
              return bytes;
            },
            bodies)
        .refusing(IllegalArgumentException.class)
        .run(SEED, CASES);
  }

  @Test
  void texts_damaged_areNoneOrComeBack() {
    DecoderFuzz.<String>of(
            text -> ByteString.fromString(text).toArray(),
            bytes -> {
              String text = Utf8.decode(ByteString.fromArray(bytes));
              if (text == null) {
                throw new IllegalArgumentException("not UTF-8");
              }
              return text;
            },
            List.of("key", "grün/€ 𝄞"))
        .refusing(IllegalArgumentException.class)
        .run(SEED, CASES);
  }
}
