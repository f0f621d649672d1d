package org.raftactors;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CodecsTest {

  record Money(String currency, long amount) {}

  record Transfer(
      String from,
      List<Money> sums,
      Optional<String> note,
      Instant at,
      Map<String, Integer> tags) {}

  record Narrow(String from) {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Put.class, name = "put"),
    @JsonSubTypes.Type(value = Delete.class, name = "delete")
  })
  sealed interface KvCommand {}

  record Put(String key, String value) implements KvCommand {}

  record Delete(String key) implements KvCommand {}

  private static <T> void comesBack(Codec<T> codec, T value) {
    byte[] bytes = codec.encode(value);
    byte[] surrounded = new byte[bytes.length + 7];
    Arrays.fill(surrounded, (byte) 0x41);
    System.arraycopy(bytes, 0, surrounded, 3, bytes.length);
    assertThat(codec.decode(surrounded, 3, bytes.length)).isEqualTo(value);
  }

  @Test
  void cbor_bringsRecordsBack() {
    comesBack(
        CborCodec.of(Transfer.class),
        new Transfer(
            "me",
            List.of(new Money("EUR", 5), new Money("CHF", Long.MAX_VALUE)),
            Optional.of("n"),
            Instant.parse("2026-11-21T01:02:03.004005006Z"),
            Map.of("a", 1)));
  }

  @Test
  void cbor_bringsSealedInterfacesBack() {
    comesBack(CborCodec.of(KvCommand.class), new Put("k", "v"));
    comesBack(CborCodec.of(KvCommand.class), new Delete("k"));
  }

  @Test
  void cbor_refusesWhatItDoesNotKnow() {
    byte[] more = CborCodec.of(Money.class).encode(new Money("EUR", 1)); // has no field "from"
    CborCodec<Narrow> narrow = CborCodec.of(Narrow.class);
    assertThatThrownBy(() -> narrow.decode(more, 0, more.length))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(Narrow.class.getName());
    byte[] good = narrow.encode(new Narrow("x"));
    for (int length = 0; length < good.length; length++) {
      int cut = length;
      assertThatThrownBy(() -> narrow.decode(good, 0, cut))
          .isInstanceOf(IllegalArgumentException.class);
    }
    byte[] trailing = Arrays.copyOf(good, good.length + 1);
    assertThatThrownBy(() -> narrow.decode(trailing, 0, trailing.length))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> narrow.decode(new byte[] {(byte) 0xf6}, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("null");
  }

  @Test
  void cbor_refusesTextThatIsNotUtf8_whereverItStands() {
    CborCodec<Transfer> codec = CborCodec.of(Transfer.class);
    byte[] good =
        codec.encode(
            new Transfer(
                "a=§1",
                List.of(new Money("b=§2", 1)),
                Optional.of("c=§3" + "x".repeat(300)),
                Instant.EPOCH,
                Map.of("d=§4", 1)));
    assertThat(codec.decode(good, 0, good.length).note())
        .hasValueSatisfying(note -> assertThat(note).startsWith("c=§3"));
    for (int text = 1; text <= 4; text++) {
      // Three bytes in the place of "§N": half a surrogate pair, as Java's modified UTF-8 has it.
      byte[] bad = good.clone();
      int at = indexOf(bad, ("=§" + text).getBytes(UTF_8)) + 1;
      System.arraycopy(new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80}, 0, bad, at, 3);
      assertThatThrownBy(() -> codec.decode(bad, 0, bad.length))
          .as("text %d", text)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll(Transfer.class.getName(), "a text in them is not UTF-8");
    }
  }

  @Test
  void cbor_refusesHalfASurrogatePairInAPieceOfAText() {
    CborCodec<String> codec = CborCodec.of(String.class);
    byte[] pieces = {0x7f, 0x61, 'a', 0x63, (byte) 0xe2, (byte) 0x82, (byte) 0xac, (byte) 0xff};
    assertThat(codec.decode(pieces, 0, pieces.length)).isEqualTo("a€");
    pieces[4] = (byte) 0xed;
    pieces[5] = (byte) 0xa0;
    assertThatThrownBy(() -> codec.decode(pieces, 0, pieces.length))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not UTF-8");
    assertThatThrownBy(() -> codec.encode("\ud800")).isInstanceOf(IllegalArgumentException.class);
  }

  private static int indexOf(byte[] bytes, byte[] part) {
    for (int at = 0; at <= bytes.length - part.length; at++) {
      if (Arrays.equals(bytes, at, at + part.length, part, 0, part.length)) {
        return at;
      }
    }
    throw new AssertionError("not found");
  }

  @Test
  void plainCodecs_bringTheirValuesBack() {
    comesBack(PlainCodecs.TEXT, "naïve 日本 😀");
    comesBack(PlainCodecs.TEXT, "");
    comesBack(PlainCodecs.BYTES, new byte[] {0, -1, 5});
    assertThatThrownBy(() -> PlainCodecs.TEXT.decode(new byte[] {(byte) 0xff, 0x41}, 0, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("UTF-8");
  }
}
