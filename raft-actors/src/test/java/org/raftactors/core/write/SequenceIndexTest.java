package org.raftactors.core.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SequenceIndexTest {

  private static final int EVENTS = 5_000;

  @Test
  void startFor_anyHistory_isNeverTooLateAndBoundedInVain() {
    for (long seed = 1; seed <= 20; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int cuts = random.nextInt(1, 50);
      SequenceIndex index = SequenceIndex.empty();
      List<Long> eventOf = new ArrayList<>(); // of each log index, from 1
      for (long sequenceNr = 1; sequenceNr <= EVENTS; sequenceNr++) {
        int entries = random.nextInt(4);
        if (entries > 0 && random.nextInt(cuts) == 0) {
          int kept = Math.max(0, eventOf.size() - random.nextInt(300));
          eventOf.subList(kept, eventOf.size()).clear();
        }
        index = index.after(eventOf.size(), entries > 0, sequenceNr, 10 * sequenceNr);
        for (int i = 0; i < entries; i++) {
          eventOf.add(sequenceNr);
        }
      }
      SequenceIndex copy =
          SequenceIndex.of(index.indexes(), index.sequenceNumbers(), index.bytesBefore());
      for (int i = 1; i <= eventOf.size(); i++) {
        assertThat(eventOf.get(i - 1) - index.startFor(i))
            .as("seed %d, index %d", seed, i)
            .isBetween(0L, SequenceIndex.STRIDE - 1L);
        assertThat(copy.startFor(i)).isEqualTo(index.startFor(i));
      }
      assertThat((long) index.indexes().length)
          .isLessThanOrEqualTo(1 + EVENTS / SequenceIndex.STRIDE);
    }
  }

  @Test
  void startFor_nothingKnown_isTheFirstEvent() {
    assertThat(SequenceIndex.empty().startFor(1)).isEqualTo(1);
    assertThat(of(10, 7, 0).startFor(9)).isEqualTo(1);
  }

  @Test
  void of_unequalParts_areRefused() {
    assertThatThrownBy(() -> SequenceIndex.of(new long[] {1, 2}, new long[] {1}, new long[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("2 indexes but 1 sequence numbers and 2 byte counts");
    assertThatThrownBy(() -> SequenceIndex.of(new long[] {1, 2}, new long[2], new long[1]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void after_largeEvents_getPairsByBytes() {
    SequenceIndex index = SequenceIndex.empty();
    for (int i = 0; i < 10; i++) {
      index = index.after(i, true, i + 1, i * SequenceIndex.STRIDE_BYTES / 2);
    }
    assertThat(index.indexes()).containsExactly(1, 3, 5, 7, 9);
  }

  @Test
  void startingAfter_aPrefix_leavesTheRestAsItWas() {
    SequenceIndex index = SequenceIndex.empty();
    for (int i = 0; i < 1_000; i++) {
      index = index.after(2L * i, true, i + 1, 100L * i);
    }
    for (long base : new long[] {0, 1, 127, 128, 129, 130, 1_000, 1_999, 2_000}) {
      SequenceIndex rest = index.startingAfter(base);
      for (long at = base + 1; at <= 2_000; at++) {
        assertThat(rest.startFor(at)).as("%d after %d", at, base).isEqualTo(index.startFor(at));
      }
      assertThat((long) rest.indexes().length).isLessThanOrEqualTo((2_000 - base) / 128 + 2);
    }
    assertThat(SequenceIndex.empty().startingAfter(7).indexes()).isEmpty();
  }

  @Test
  void bytes_ofTheLog_areKnownToAPair() {
    SequenceIndex index = SequenceIndex.empty();
    for (int i = 0; i < 1_000; i++) {
      index = index.after(i, true, i + 1, 100L * i);
    }
    assertThat(index.bytesBefore(1)).isZero();
    assertThat(index.bytesBefore(64)).isZero();
    assertThat(index.bytesBefore(65)).isEqualTo(6_400);
    assertThat(index.indexBefore(6_400)).isEqualTo(65);
    assertThat(index.indexBefore(6_399)).isEqualTo(1);
    assertThat(index.indexBefore(-1)).isZero();
  }

  private static SequenceIndex of(long index, long sequenceNumber, long bytes) {
    return SequenceIndex.of(new long[] {index}, new long[] {sequenceNumber}, new long[] {bytes});
  }
}
