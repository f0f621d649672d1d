package org.raftactors.core.rules;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Rule 3: appends are anchored, carry the commit index, are pipelined within a bounded window, and
 * a rejection's hint skips whole terms. Scripts: replication/27, 28, 33 to 38.
 */
class Rule03AnchoredAppendsTest {

  @Test
  @DisplayName("an append whose anchor is missing is rejected with a hint, and nothing is appended")
  void append_anchorMissing_rejectedWithHint() {
    Play play = Play.of("cluster 3", "given r2 log=1,1,2,2 term=2");
    play.run("send r1->r2 AppendRequest term=3 prev=6/3 [7/3 x] commit=0");
    assertThat(play.run("deliver r1->r2"))
        .contains("r2->r1 AppendRejected term=3 prev=6 hint=4/2 last=4");
    assertThat(play.run("log r2")).containsExactly("r2 [1/1 no-op, 2/1 e2.1, 3/2 no-op, 4/2 e4.2]");
  }

  @Test
  @DisplayName("an anchor of another term is rejected with a hint below the conflicting term")
  void append_anchorConflicts_hintSkipsTheTerm() {
    Play play = Play.of("cluster 3", "given r2 log=1,1,4,4,4 term=4");
    play.run("send r1->r2 AppendRequest term=5 prev=5/3 [6/5 no-op] commit=0");
    assertThat(play.run("deliver r1->r2"))
        .contains("r2->r1 AppendRejected term=5 prev=5 hint=2/1 last=5");
  }

  @Test
  @DisplayName("appends are sent without waiting for acknowledgements, and carry the commit index")
  void appends_withoutAcknowledgement_arePipelined() {
    Play play = Play.threeLedByR1();
    assertThat(play.run("propose r1 a"))
        .contains("r1->r2 AppendRequest term=1 prev=1/1 [2/1 a] commit=1");
    assertThat(play.run("propose r1 b"))
        .contains("r1->r2 AppendRequest term=1 prev=2/1 [3/1 b] commit=1");
  }

  @Test
  @DisplayName("one append carries no more than its limit, unless a single entry is larger")
  void append_manyEntries_isSplitBySize() {
    Play play = Play.of("settings maxAppendBytes=80", "cluster 2", "elect r1", "run 100ms");
    assertThat(play.run("propose r1 a b c*200"))
        .contains(
            "r1->r2 AppendRequest term=1 prev=1/1 [2/1 a, 3/1 b] commit=1",
            "r1->r2 AppendRequest term=1 prev=3/1 [4/1 c*200] commit=1");
  }
}
