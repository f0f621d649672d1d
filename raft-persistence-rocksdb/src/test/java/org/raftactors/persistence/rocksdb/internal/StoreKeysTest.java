package org.raftactors.persistence.rocksdb.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StoreKeysTest {

  @Test
  void byteOrder_isTheOrderOfIdThenSequenceNr() {
    Random random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      long id1 = number(random);
      long id2 = random.nextBoolean() ? id1 : number(random);
      long seq1 = number(random);
      long seq2 = number(random);
      int expected = id1 != id2 ? Long.compare(id1, id2) : Long.compare(seq1, seq2);
      int actual = Arrays.compareUnsigned(StoreKeys.of(id1, seq1), StoreKeys.of(id2, seq2));
      assertThat(Integer.signum(actual)).isEqualTo(expected);
    }
  }

  @Test
  void key_givesBackItsParts() {
    byte[] key = StoreKeys.of(3, Long.MAX_VALUE);
    assertThat(StoreKeys.id(key)).isEqualTo(3);
    assertThat(StoreKeys.sequenceNr(key)).isEqualTo(Long.MAX_VALUE);
    assertThat(StoreKeys.persistenceId(StoreKeys.persistenceId("pärtition|1")))
        .isEqualTo("pärtition|1");
  }

  @Test
  void after_isTheNextKey() {
    assertThat(StoreKeys.after(3, 4)).isEqualTo(StoreKeys.of(3, 5));
    assertThat(StoreKeys.after(3, Long.MAX_VALUE)).isEqualTo(StoreKeys.of(4, 0));
  }

  @Test
  void idEntry_roundTripAndEveryFlipDetected() throws Exception {
    byte[] key = StoreKeys.persistenceId("p");
    IdEntry entry = new IdEntry(5, true, 6, 7, 8);
    byte[] bytes = entry.encode(key);
    assertThat(IdEntry.decode(key, bytes)).isEqualTo(entry);
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] flipped = bytes.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThatThrownBy(() -> IdEntry.decode(key, flipped))
          .isInstanceOf(DamagedRecordException.class);
    }
    assertThatThrownBy(() -> IdEntry.decode(StoreKeys.persistenceId("q"), bytes))
        .isInstanceOf(DamagedRecordException.class);
  }

  private static long number(Random random) {
    return random.nextLong() >>> (1 + random.nextInt(63));
  }
}
