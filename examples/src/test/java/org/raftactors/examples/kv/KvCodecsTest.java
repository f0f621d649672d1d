package org.raftactors.examples.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.raftactors.Codec;

class KvCodecsTest {

  private static final List<KvCommand> COMMANDS =
      List.of(
          new KvCommand.Put("k", ByteString.fromInts(0, 255, 7)),
          new KvCommand.Put("", ByteString.emptyByteString()),
          new KvCommand.Delete("grün/€"),
          new KvCommand.CompareAndSet("k", null, ""),
          new KvCommand.CompareAndSet("k", "", "𝄞"));

  private static final List<KvQuery> QUERIES = List.of(new KvQuery.Get("k"), new KvQuery.Digest());

  private static final List<KvResult> RESULTS =
      List.of(
          new KvResult.Written(Long.MAX_VALUE),
          new KvResult.Deleted(true),
          new KvResult.Deleted(false),
          new KvResult.Compared(true, null),
          new KvResult.Compared(false, "x"),
          new KvResult.NotText(),
          new KvResult.Found(ByteString.fromString("v"), 7, 8),
          new KvResult.Absent(),
          new KvResult.Digest(1, 2, 3, -4, 5));

  @Test
  void everyValue_comesBackAsItWas() {
    COMMANDS.forEach(command -> roundTrip(KvCodecs.ALL.command(), command));
    QUERIES.forEach(query -> roundTrip(KvCodecs.ALL.query(), query));
    RESULTS.forEach(result -> roundTrip(KvCodecs.ALL.result(), result));
  }

  @Test
  void everyPrefix_isRefused() {
    COMMANDS.forEach(command -> prefixesAreRefused(KvCodecs.ALL.command(), command));
    QUERIES.forEach(query -> prefixesAreRefused(KvCodecs.ALL.query(), query));
    RESULTS.forEach(result -> prefixesAreRefused(KvCodecs.ALL.result(), result));
  }

  @Test
  void otherVersion_isRefusedNamingBoth() {
    byte[] bytes = KvCodecs.ALL.command().encode(new KvCommand.Delete("k"));
    bytes[0] = 2;
    assertThatThrownBy(() -> KvCodecs.ALL.command().decode(bytes, 0, bytes.length))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("version 2")
        .hasMessageContaining("only 1");
  }

  @Test
  void unknownKind_isRefused() {
    byte[] bytes = {1, 99};
    assertThatThrownBy(() -> KvCodecs.ALL.command().decode(bytes, 0, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("unknown kind 99");
  }

  private static <T> void roundTrip(Codec<T> codec, T value) {
    byte[] bytes = codec.encode(value);
    byte[] framed = new byte[bytes.length + 5];
    System.arraycopy(bytes, 0, framed, 3, bytes.length);
    assertThat(codec.decode(framed, 3, bytes.length)).isEqualTo(value);
  }

  private static <T> void prefixesAreRefused(Codec<T> codec, T value) {
    byte[] bytes = codec.encode(value);
    for (int length = 0; length < bytes.length; length++) {
      int cut = length;
      assertThatThrownBy(() -> codec.decode(bytes, 0, cut))
          .as("%s cut to %d bytes", value, cut)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
