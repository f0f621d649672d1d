package org.raftactors.actor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.raftactors.core.Effect;
import org.raftactors.core.log.EntryKind;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.log.Payload;
import org.raftactors.core.log.SnapshotBase;
import org.raftactors.core.log.TermRanges;
import org.raftactors.core.membership.Configuration;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.write.HardState;
import org.raftactors.core.write.Written;

/** Reading entries back from a journal that also holds what was replaced. */
class EntryCollectorTest {

  private static final TermRanges TERMS =
      TermRanges.startingAt(LogPosition.ZERO).extend(4, 1).extend(9, 3);

  private static Written event(long first, long last, long term) {
    List<LogEntry> entries =
        LongStream.rangeClosed(first, last)
            .mapToObj(i -> new LogEntry(i, term, 0, EntryKind.COMMAND, Payload.of(new byte[68])))
            .toList();
    SnapshotBase base = SnapshotBase.initial(Configuration.ofVoters(List.of(new ReplicaId(1))));
    return new Written(new HardState(term, null), base, new LogPosition(first - 1, 1), entries, 0);
  }

  private static Effect.Fetch fetch(long first, long last, int maxBytes) {
    return new Effect.Fetch(null, first, last, maxBytes);
  }

  private static List<LogPosition> positions(EntryCollector collector) {
    return collector.entries().stream().map(LogEntry::position).toList();
  }

  @Test
  void entriesThatWereReplaced_doNotCount() {
    EntryCollector collector = new EntryCollector(fetch(4, 6, 1 << 20), TERMS);
    assertThat(collector.add(event(1, 3, 1))).isTrue();
    assertThat(collector.add(event(4, 4, 1))).isTrue();
    assertThat(collector.add(event(5, 7, 2))).isTrue(); // cut off by the next leader
    assertThat(collector.add(event(5, 5, 3))).isTrue();
    assertThat(collector.add(event(6, 9, 3))).isFalse();
    assertThat(positions(collector))
        .containsExactly(new LogPosition(4, 1), new LogPosition(5, 3), new LogPosition(6, 3));
  }

  @Test
  void noMoreThanWasAskedFor_butOneAtLeast() {
    EntryCollector collector = new EntryCollector(fetch(1, 4, 299), TERMS);
    assertThat(collector.add(event(1, 4, 1))).isFalse();
    assertThat(collector.entries()).hasSize(2); // 100 bytes each
    EntryCollector exact = new EntryCollector(fetch(1, 4, 300), TERMS);
    assertThat(exact.add(event(1, 4, 1))).isFalse();
    assertThat(exact.entries()).hasSize(3);
    EntryCollector tight = new EntryCollector(fetch(1, 4, 1), TERMS);
    assertThat(tight.add(event(1, 4, 1))).isFalse();
    assertThat(tight.entries()).hasSize(1);
  }

  @Test
  void aGap_isNotBridged() {
    EntryCollector collector = new EntryCollector(fetch(1, 4, 1 << 20), TERMS);
    assertThat(collector.add(event(2, 4, 1))).isTrue();
    assertThat(collector.entries()).isEmpty();
  }

  @Test
  void indexesThatTheLogDoesNotHave_doNotCount() {
    EntryCollector collector = new EntryCollector(fetch(9, 12, 1 << 20), TERMS);
    assertThat(collector.add(event(9, 12, 3))).isTrue();
    assertThat(positions(collector)).containsExactly(new LogPosition(9, 3));
  }
}
