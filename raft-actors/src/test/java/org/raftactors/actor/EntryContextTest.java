package org.raftactors.actor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.raftactors.PartitionId;
import org.raftactors.core.log.EntryKind;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.Payload;

class EntryContextTest {

  private static LogEntry entry(long index, long term) {
    return new LogEntry(index, term, 1_000_123, EntryKind.COMMAND, Payload.EMPTY);
  }

  private static long draw(long partition, long index, long term) {
    return new EntryContext(new PartitionId(partition), entry(index, term)).random().nextLong();
  }

  @Test
  void random_dependsOnThePlaceInTheLogAlone_andIsTheSameInEveryRelease() {
    assertThat(draw(1, 10, 2)).isEqualTo(draw(1, 10, 2)).isEqualTo(FIRST_OF_1_10_2);
    assertThat(draw(1, 10, 2))
        .isNotIn(draw(2, 10, 2), draw(1, 11, 2), draw(1, 10, 3), draw(1, 2, 10));
  }

  private static final long FIRST_OF_1_10_2 = -2505354045493819806L;

  @Test
  void context_speaksOfTheEntryThatItIsAt() {
    EntryContext context = new EntryContext(new PartitionId(1), entry(10, 2));
    assertThat(context.at(entry(11, 3)).index()).isEqualTo(11);
    assertThat(context.term()).isEqualTo(3);
    assertThat(context.timestamp().toEpochMilli()).isEqualTo(1_000_123);
  }
}
