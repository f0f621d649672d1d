package org.raftactors.persistence.rocksdb.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.raftactors.persistence.rocksdb.RocksDbStoreException.Reason;

class RecordCodecTest {

  private static final byte[] KEY = StoreKeys.of(7, 42);
  private static final int PRECEDING = 0x12345678;

  static Stream<StoredRecord> records() {
    Payload payload = new Payload(17, "händler", "payload".getBytes(UTF_8));
    Payload metadata = new Payload(-3, "", "meta".getBytes(UTF_8));
    return Stream.of(
        new StoredRecord(1234567890123L, "b6b1e4a0-writer", "adapter", payload, metadata),
        new StoredRecord(0, "", "", new Payload(0, "", new byte[0]), null),
        new StoredRecord(-1, "w", "", payload, null),
        StoredRecord.hole(99, "w"));
  }

  @ParameterizedTest
  @MethodSource("records")
  void decode_ofEncoded_givesTheSame(StoredRecord record) throws Exception {
    StoredRecord decoded = RecordCodec.decode(sealed(record, KEY), KEY);
    assertThat(decoded).usingRecursiveComparison().isEqualTo(record);
  }

  @ParameterizedTest
  @MethodSource("records")
  void decode_anyBitFlipped_isRefused(StoredRecord record) {
    byte[] bytes = sealed(record, KEY);
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] flipped = bytes.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThatThrownBy(() -> RecordCodec.decode(flipped, KEY))
          .as("bit %d", bit)
          .isInstanceOf(DamagedRecordException.class);
    }
  }

  @ParameterizedTest
  @MethodSource("records")
  void decode_truncatedAnywhere_isRefused(StoredRecord record) {
    byte[] bytes = sealed(record, KEY);
    for (int length = 0; length < bytes.length; length++) {
      byte[] truncated = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> RecordCodec.decode(truncated, KEY))
          .as("%d bytes", length)
          .isInstanceOf(DamagedRecordException.class);
    }
  }

  @Test
  void decode_underAnotherKey_isRefused() {
    byte[] bytes = sealed(StoredRecord.hole(99, "w"), KEY);
    assertThatThrownBy(() -> RecordCodec.decode(bytes, StoreKeys.of(7, 43)))
        .isInstanceOf(DamagedRecordException.class);
    assertThatThrownBy(() -> RecordCodec.decode(bytes, StoreKeys.of(8, 42)))
        .isInstanceOf(DamagedRecordException.class);
  }

  @Test
  @DisplayName("121, L-21: a record of another version is refused, naming both versions")
  void decode_ofAnotherVersion_namesBoth() {
    byte[] bytes = sealed(StoredRecord.hole(99, "w"), KEY);
    bytes[0] = 9;
    assertThatThrownBy(() -> RecordCodec.decode(bytes, KEY))
        .isInstanceOfSatisfying(
            DamagedRecordException.class, e -> assertThat(e.reason()).isEqualTo(Reason.FORMAT))
        .hasMessageContaining("version is 9")
        .hasMessageContaining("version 2");
  }

  @Test
  void decode_unknownFlag_isAFormatErrorNotDamage() {
    byte[] bytes = RecordCodec.encode(StoredRecord.hole(99, "w"));
    byte[] later = bytes.clone();
    later[1] |= (byte) 0x80;
    reseal(later);
    assertThatThrownBy(() -> RecordCodec.decode(later, KEY))
        .isInstanceOfSatisfying(
            DamagedRecordException.class, e -> assertThat(e.reason()).isEqualTo(Reason.FORMAT));
  }

  @Test
  void decode_bytesBehindThePayload_areSkipped() throws Exception {
    byte[] bytes = RecordCodec.encode(StoredRecord.hole(99, "w"));
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 5);
    reseal(longer);
    assertThat(RecordCodec.decode(longer, KEY)).isEqualTo(StoredRecord.hole(99, "w"));
  }

  @Test
  void prefix_givesTimestampAndChecksums() {
    byte[] bytes = RecordCodec.encode(StoredRecord.hole(99, "writer"));
    int checksum = RecordCodec.seal(bytes, KEY, PRECEDING);
    byte[] prefix = Arrays.copyOf(bytes, RecordCodec.PREFIX_LENGTH);
    assertThat(RecordCodec.timestamp(prefix)).isEqualTo(99);
    assertThat(RecordCodec.checksum(prefix)).isEqualTo(checksum);
    assertThat(RecordCodec.preceding(prefix)).isEqualTo(PRECEDING);
  }

  @Test
  void checksum_dependsOnThePredecessor() {
    byte[] one = RecordCodec.encode(StoredRecord.hole(99, "writer"));
    byte[] other = one.clone();
    assertThat(RecordCodec.seal(one, KEY, 1)).isNotEqualTo(RecordCodec.seal(other, KEY, 2));
  }

  private static byte[] sealed(StoredRecord record, byte[] key) {
    byte[] bytes = RecordCodec.encode(record);
    RecordCodec.seal(bytes, key, PRECEDING);
    return bytes;
  }

  /** A valid checksum for changed bytes, computed here a second time, from the documentation. */
  private static void reseal(byte[] bytes) {
    CRC32C body = new CRC32C();
    body.update(bytes, 0, 2);
    body.update(bytes, 10, bytes.length - 10);
    CRC32C whole = new CRC32C();
    whole.update(KEY);
    whole.update(ByteBuffer.allocate(4).putInt(0, PRECEDING).array());
    ByteBuffer.wrap(bytes).putInt(6, PRECEDING);
    whole.update(ByteBuffer.allocate(4).putInt(0, (int) body.getValue()).array());
    ByteBuffer.wrap(bytes).putInt(2, (int) whole.getValue());
  }
}
