package org.raftactors.cluster.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.raftactors.PartitionId;

/** These values are in people's data: they never change. Computed by an independent program. */
class KeyHashTest {

  @Test
  void theHash_isWhatItAlwaysWas() {
    assertThat(KeyHash.of("")).isEqualTo(0xefd01f60ba992926L);
    assertThat(KeyHash.of("a")).isEqualTo(0x82a2a958a9bece5bL);
    assertThat(KeyHash.of("b")).isEqualTo(0x6e673288764ad2d0L);
    assertThat(KeyHash.of("user:1")).isEqualTo(0x4ce53ee4648cef41L);
    assertThat(KeyHash.of("käse")).isEqualTo(0x5f36cdeaf19e5148L);
    assertThat(KeyHash.of("\uD83D\uDE00")).isEqualTo(0xda89b0991f06f386L);
  }

  @Test
  void thePartition_isWhatItAlwaysWas() {
    assertThat(KeyHash.partition("", 16)).isEqualTo(new PartitionId(7));
    assertThat(KeyHash.partition("a", 16)).isEqualTo(new PartitionId(12));
    assertThat(KeyHash.partition("user:1", 16)).isEqualTo(new PartitionId(2));
    assertThat(KeyHash.partition("käse", 7)).isEqualTo(new PartitionId(4));
    assertThat(KeyHash.partition("\uD83D\uDE00", 7)).isEqualTo(new PartitionId(1));
    assertThat(KeyHash.partition("anything", 1)).isEqualTo(new PartitionId(1));
  }

  @Test
  void shortKeys_areSpreadEvenly() {
    int[] counts = new int[16];
    for (int i = 0; i < 16_000; i++) {
      counts[(int) KeyHash.partition("k" + i, 16).value() - 1]++;
    }
    for (int count : counts) {
      assertThat(count).isBetween(850, 1150);
    }
  }
}
