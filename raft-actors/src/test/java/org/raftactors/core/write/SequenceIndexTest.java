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
        index = index.after(eventOf.size(), entries > 0, sequenceNr);
        for (int i = 0; i < entries; i++) {
          eventOf.add(sequenceNr);
        }
      }
      SequenceIndex copy = SequenceIndex.of(index.indexes(), index.sequenceNumbers());
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
    assertThat(SequenceIndex.of(new long[] {10}, new long[] {7}).startFor(9)).isEqualTo(1);
  }

  @Test
  void of_unequalParts_areRefused() {
    assertThatThrownBy(() -> SequenceIndex.of(new long[] {1, 2}, new long[] {1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("2 indexes but 1 sequence numbers");
  }
}
