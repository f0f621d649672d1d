package org.raftactors.core.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.raftactors.core.invariant.InvariantViolation;
import org.raftactors.core.log.EntryKind;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.Payload;

/** Rule 8: an entry's own proposer learns of it, and nobody else. */
class PendingProposalsTest {

  private final PendingProposals pending = new PendingProposals();
  private final List<Object> superseded = new ArrayList<>();

  private static List<LogEntry> entries(long first, long... terms) {
    List<LogEntry> entries = new ArrayList<>();
    for (int i = 0; i < terms.length; i++) {
      entries.add(new LogEntry(first + i, terms[i], 0, EntryKind.COMMAND, Payload.EMPTY));
    }
    return entries;
  }

  @Test
  void take_ownEntries_eachGetsItsWaiter_othersNull() {
    pending.add(5, 1, "a");
    pending.add(6, 1, "b");
    assertThat(pending.take(entries(4, 1, 1), superseded)).containsExactly(null, "a");
    assertThat(pending.take(entries(6, 1, 1), superseded)).containsExactly("b", null);
    assertThat(superseded).isEmpty();
    assertThat(pending.take(entries(8, 1), superseded)).containsExactly((Object) null);
  }

  @Test
  void take_entryOfAnotherTerm_itsWaiterIsSuperseded() {
    pending.add(5, 1, "a");
    pending.add(6, 1, "b");
    assertThat(pending.take(entries(5, 1, 2), superseded)).containsExactly("a", null);
    assertThat(superseded).containsExactly("b");
  }

  @Test
  void take_whatWasSkipped_isSuperseded() {
    pending.add(5, 1, "a");
    pending.add(6, 1, "b");
    assertThat(pending.take(entries(6, 1), superseded)).containsExactly("b");
    assertThat(superseded).containsExactly("a");
  }

  @Test
  void take_severalLeaderships_eachByItsTerm() {
    pending.add(5, 1, "old 5");
    pending.add(6, 1, "old 6");
    pending.add(6, 3, "new 6");
    pending.add(7, 3, "new 7");
    assertThat(pending.take(entries(5, 1, 3, 3), superseded))
        .containsExactly("old 5", "new 6", "new 7");
    assertThat(superseded).containsExactly("old 6");
  }

  @Test
  void add_withAGapOrOfAnOlderTerm_isRefused() {
    pending.add(5, 2, "a");
    assertThatThrownBy(() -> pending.add(7, 2, "b"))
        .isInstanceOf(InvariantViolation.class)
        .hasMessageContaining("waiter for 7/2, not 6/2");
    assertThatThrownBy(() -> pending.add(6, 1, "b")).isInstanceOf(InvariantViolation.class);
    pending.add(6, 2, "b");
    assertThat(pending.take(entries(5, 2, 2), superseded)).containsExactly("a", "b");
  }

  @Test
  void clearAbove_keepsThoseUpToTheIndex_andGivesTheOthersInOrder() {
    pending.add(5, 1, "a");
    pending.add(6, 1, "b");
    pending.add(7, 1, "c");
    assertThat(pending.clearAbove(5)).containsExactly("b", "c");
    pending.add(6, 1, "again");
    assertThat(pending.take(entries(5, 1, 1), superseded)).containsExactly("a", "again");
    assertThat(pending.clearAbove(0)).isEmpty();
    pending.add(9, 1, "d");
    assertThat(pending.clearAbove(0)).containsExactly("d");
    pending.add(2, 2, "another beginning");
    assertThat(pending.take(entries(2, 2), superseded)).containsExactly("another beginning");
    assertThat(superseded).isEmpty();
  }
}
