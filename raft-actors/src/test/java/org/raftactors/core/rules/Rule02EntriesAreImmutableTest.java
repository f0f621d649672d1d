package org.raftactors.core.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Rule 2: a log entry is immutable, there is one commit index, and no entry's state is ever
 * rewritten on disk (Kommander J-6 kept rows that changed state). {@code SafetyChecker} checks in
 * all scripts and random schedules that an index and term never name two entries.
 */
class Rule02EntriesAreImmutableTest {

  @Test
  @DisplayName("J-6: each entry is written once; commit and apply write nothing")
  void entry_fromProposalToApply_isWrittenOnceEverywhere() {
    Play play = Play.threeLedByR1();
    List<String> printed = new ArrayList<>(play.run("propose r1 a"));
    printed.addAll(play.run("full stabilize"));
    printed.addAll(play.run("full run 500ms"));
    assertThat(printed).filteredOn(line -> line.contains(" writes ")).hasSize(3);
    assertThat(printed).filteredOn(line -> line.contains("apply [2/1 a]")).hasSize(3);
  }

  @Test
  @DisplayName("a duplicate append writes nothing")
  void duplicateAppend_writesNothing() {
    Play play = Play.threeLedByR1();
    play.then("propose r1 a", "duplicate r1->r2", "deliver r1->r2 count=1");
    assertThat(play.run("deliver r1->r2")).containsExactly("r2->r1 AppendAccepted term=1 match=2");
  }

  @Test
  @DisplayName("an append that overlaps writes only what the log lacked, behind it")
  void overlappingAppend_writesOnlyWhatIsMissing() {
    Play play = Play.of("cluster 3", "given r2 log=1,1 term=1");
    play.run("send r1->r2 AppendRequest term=1 prev=0/0 [1/1 no-op, 2/1 e2.1, 3/1 c] commit=0");
    assertThat(play.run("deliver r1->r2"))
        .contains("r2 writes 1: term=1 vote=- after 2/1 [3/1 c] commit=0");
  }
}
