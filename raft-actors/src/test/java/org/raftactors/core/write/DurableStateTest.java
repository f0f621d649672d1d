package org.raftactors.core.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.raftactors.core.invariant.InvariantViolation;
import org.raftactors.core.log.EntryKind;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.log.Payload;
import org.raftactors.core.log.SnapshotBase;
import org.raftactors.core.membership.Configuration;
import org.raftactors.core.membership.ReplicaId;

/** What recovery refuses to believe: events that no replica writes one after the other. */
class DurableStateTest {

  private static final ReplicaId R1 = new ReplicaId(1);
  private static final ReplicaId R2 = new ReplicaId(2);
  private static final SnapshotBase BASE =
      SnapshotBase.initial(new Configuration(List.of(R1, R2), List.of()));

  /** Entries 1/2, 2/2 and 3/3, of which two are known to be committed; r1 voted for in term 3. */
  private final DurableState three =
      DurableState.initial(BASE)
          .after(event(2, R1, 0, 0, 0, 2, 2), 1)
          .after(event(3, R1, 2, 2, 2, 3), 2);

  @Test
  void after_whatReplicasWrite_addsUp() {
    assertThat(three.last()).isEqualTo(new LogPosition(3, 3));
    assertThat(three.commitHint()).isEqualTo(2);
    assertThat(three.lastTimestampMillis()).isEqualTo(1_003);
    assertThat(three.writtenBytes()).isEqualTo(3L * (LogEntry.OVERHEAD_BYTES + 1));

    DurableState replaced = three.after(event(4, null, 2, 2, 1, 4, 4), 3);
    assertThat(replaced.last()).isEqualTo(new LogPosition(4, 4));
    assertThat(replaced.terms().termAt(3)).isEqualTo(4);
    assertThat(replaced.commitHint()).as("an older hint takes nothing back").isEqualTo(2);
    assertThat(replaced.hardState()).isEqualTo(new HardState(4, null));

    DurableState allKnown = three.after(event(3, R1, 3, 3, 3), 3);
    assertThat(allKnown.commitHint()).isEqualTo(3);
    assertThat(allKnown.last()).isEqualTo(three.last());
  }

  @Test
  void after_eventsWithEntries_areFoundByIndex_othersNot() {
    DurableState state =
        DurableState.initial(BASE)
            .after(event(1, R1, 0, 0, 0), 1)
            .after(event(2, R1, 0, 0, 0, 2), 2);
    assertThat(state.sequence().indexes()).containsExactly(1);
    assertThat(state.sequence().sequenceNumbers()).containsExactly(2);
  }

  @Test
  void after_termThatGoesBack_isRefused() {
    assertRefused(event(2, R1, 3, 3, 2), "hard state went from");
  }

  @Test
  void after_secondVoteInATerm_isRefused() {
    assertRefused(event(3, R2, 3, 3, 2), "hard state went from");
    assertRefused(event(3, null, 3, 3, 2), "hard state went from");
  }

  @Test
  void after_gap_isRefused() {
    assertRefused(event(3, R1, 4, 3, 2, 3), "leaves a gap");
  }

  @Test
  void after_otherTermBefore_isRefused() {
    assertRefused(event(3, R1, 3, 2, 2, 3), "but the log has term 3");
  }

  @Test
  void after_cutOfCommittedEntries_isRefused() {
    assertRefused(event(4, null, 1, 2, 1, 4), "cuts committed entries: 2 is committed");
  }

  @Test
  void after_hintBeyondTheEnd_isRefused() {
    assertRefused(event(3, R1, 3, 3, 5, 3), "commit hint 5 lies beyond 4");
  }

  private void assertRefused(Written event, String why) {
    assertThatThrownBy(() -> three.after(event, 3))
        .isInstanceOf(InvariantViolation.class)
        .hasMessageContaining(why);
  }

  private static Written event(
      long term,
      @Nullable ReplicaId vote,
      long previousIndex,
      long previousTerm,
      long commitHint,
      long... terms) {
    List<LogEntry> entries = new ArrayList<>();
    Arrays.stream(terms)
        .forEach(
            entryTerm -> {
              long index = previousIndex + entries.size() + 1;
              Payload payload = Payload.of(new byte[1]);
              entries.add(
                  new LogEntry(index, entryTerm, 1_000 + index, EntryKind.COMMAND, payload));
            });
    return new Written(
        new HardState(term, vote),
        BASE,
        new LogPosition(previousIndex, previousTerm),
        entries,
        commitHint);
  }
}
