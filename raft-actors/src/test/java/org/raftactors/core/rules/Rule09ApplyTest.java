package org.raftactors.core.rules;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Rule 9: apply is level-triggered, in index order, each entry once, never beyond what is committed
 * and durable here. Scripts: commit/47, 49, J-1, J-5.
 */
class Rule09ApplyTest {

  @Test
  @DisplayName("47: what is committed but not durable here is not applied yet")
  void committed_notDurableHere_isNotApplied() {
    Play play = Play.threeLedByR1();
    play.then("disk r3 manual", "propose r1 a", "stabilize", "run 200ms");
    assertThat(play.run("state r3")).first().asString().contains("commit=2 applied=1");
    assertThat(play.run("disk r3 complete")).contains("r3 apply [2/1 a]");
  }

  @Test
  @DisplayName(
      "the state machine gets no more at once than its batch, and no more ahead than its backlog")
  void slowStateMachine_getsBoundedWork() {
    Play play =
        Play.of("settings maxApplyBatchBytes=70 maxApplyBacklogBytes=100", "cluster 1", "elect r1");
    play.run("apply r1 manual");
    play.then("propose r1 a b", "propose r1 c d");
    // 132 bytes are committed and not applied: no more is taken.
    assertThat(play.run("propose r1 e")).contains("e rejected OVERLOADED leader=r1");
    assertThat(play.run("apply r1 next"))
        .containsExactly("r1 apply [2/1 a, 3/1 b]", "a committed 2/1", "b committed 3/1");
    assertThat(play.run("propose r1 f")).noneMatch(line -> line.contains("rejected"));
    assertThat(play.run("apply r1 next"))
        .containsExactly("r1 apply [4/1 c, 5/1 d]", "c committed 4/1", "d committed 5/1");
    assertThat(play.run("apply r1 next")).containsExactly("r1 apply [6/1 f]", "f committed 6/1");
  }

  @Test
  @DisplayName("of a batch, all from the first on that may be proposed again are refused")
  void batch_fromTheFirstThatIsRefused_isRefused() {
    Play play = Play.of("settings maxUncommittedBytes=200", "cluster 1", "elect r1");
    play.run("apply r1 manual");
    play.run("disk r1 manual");
    assertThat(play.run("propose-together r1 a b*200 c d"))
        .as("c and d alone would have fit")
        .containsExactly(
            "b rejected OVERLOADED leader=r1",
            "c rejected OVERLOADED leader=r1",
            "d rejected OVERLOADED leader=r1",
            "r1 writes 3: term=1 vote=r1 after 1/1 [2/1 a] commit=1");
  }

  @Test
  @DisplayName("of a batch, one that is too large is refused alone")
  void batch_withOneTooLarge_goesOn() {
    Play play = Play.of("settings maxEntryBytes=50", "cluster 1", "elect r1");
    assertThat(play.run("propose-together r1 a b*51 c"))
        .contains("b rejected TOO_LARGE leader=r1", "a committed 2/1", "c committed 3/1")
        .noneMatch(line -> line.startsWith("c rejected"));
  }

  @Test
  @DisplayName("a batch at a follower is refused whole")
  void batch_atAFollower_isRefused() {
    Play play = Play.threeLedByR1();
    assertThat(play.run("propose-together r2 a b"))
        .containsExactly("a rejected NOT_LEADER leader=r1", "b rejected NOT_LEADER leader=r1");
  }

  @Test
  @DisplayName("a restarted replica applies from its base what it knows to be committed, at once")
  void restart_commitHint_isAppliedBeforeALeaderSpeaks() {
    Play play = Play.of("cluster 3");
    assertThat(play.run("full given r1 base=2/1 log=1,1,1 term=1 commit=4"))
        .containsExactly("r1 apply [3/1 e3.1, 4/1 e4.1]");
  }
}
