package org.raftactors;

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
  void plainCodecs_bringTheirValuesBack() {
    comesBack(PlainCodecs.TEXT, "naïve 日本 😀");
    comesBack(PlainCodecs.TEXT, "");
    comesBack(PlainCodecs.BYTES, new byte[] {0, -1, 5});
    assertThatThrownBy(() -> PlainCodecs.TEXT.decode(new byte[] {(byte) 0xff, 0x41}, 0, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("UTF-8");
  }
}
