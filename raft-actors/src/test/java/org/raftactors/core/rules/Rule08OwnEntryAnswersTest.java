package org.raftactors.core.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.raftactors.core.apply.PendingProposals;
import org.raftactors.core.log.EntryKind;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.Payload;

/**
 * Rule 8: a proposer is answered only when the entry applied at that index has its term; otherwise
 * its outcome is unknown. Scripts: commit/50, 52, J-2.
 */
class Rule08OwnEntryAnswersTest {

  private static LogEntry entry(long index, long term) {
    return new LogEntry(index, term, 0, EntryKind.COMMAND, Payload.EMPTY);
  }

  @Test
  @DisplayName("50: a waiter is handed out with the entry of its index and term only")
  void take_otherTermAtTheIndex_isSuperseded() {
    PendingProposals pending = new PendingProposals();
    pending.add(5, 2, "a");
    pending.add(6, 2, "b");
    pending.add(7, 2, "c");
    List<Object> superseded = new ArrayList<>();
    assertThat(pending.take(List.of(entry(4, 1), entry(5, 2)), superseded))
        .containsExactly(null, "a");
    assertThat(pending.take(List.of(entry(6, 3)), superseded)).containsExactly((Object) null);
    assertThat(superseded).containsExactly("b");
    assertThat(pending.take(List.of(entry(7, 2)), superseded)).containsExactly("c");
  }

  @Test
  @DisplayName("committed entries keep their waiters when leadership is lost and won again")
  void clearAbove_committedWaitersStay_besideThoseOfALaterLeadership() {
    PendingProposals pending = new PendingProposals();
    pending.add(5, 2, "a");
    pending.add(6, 2, "b");
    pending.add(7, 2, "c");
    assertThat(pending.clearAbove(5)).containsExactly("b", "c");
    pending.add(9, 4, "d");
    List<Object> superseded = new ArrayList<>();
    List<LogEntry> entries =
        List.of(entry(5, 2), entry(6, 3), entry(7, 3), entry(8, 4), entry(9, 4));
    assertThat(pending.take(entries, superseded)).containsExactly("a", null, null, null, "d");
    assertThat(superseded).isEmpty();
  }

  @Test
  @DisplayName("50: another leader's entry at the index does not answer the waiter")
  void proposal_supersededByAnotherLeader_unknown() {
    Play play = Play.threeLedByR1();
    play.then("isolate r1", "propose r1 mine", "run 4000ms", "heal", "run 1000ms");
    assertThat(play.run("outcomes")).containsExactly("mine unknown LEADERSHIP_LOST");
    assertThat(play.run("log r1")).first().asString().doesNotContain("mine");
  }

  @Test
  @DisplayName("a stopping replica answers everybody whom it still holds")
  void stop_waitersHeld_areAnswered() {
    Play play = Play.threeLedByR1();
    play.then("isolate r1", "disk r1 manual");
    play.then("propose r1 a", "propose r1 b", "propose r1 c", "read r1 x", "transfer r1 r2 as t");
    play.run("stop r1");
    assertThat(play.run("outcomes"))
        .containsExactly(
            "a unknown STOPPED",
            "b unknown STOPPED",
            "c rejected STOPPED leader=r1",
            "t transfer TIMED_OUT",
            "x rejected STOPPED leader=r1");
  }
}
