package org.raftactors.core.rules;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Rule 5: pre-vote and check-quorum are on; a leader without a quorum steps down within an election
 * timeout, so that a minority refuses; a disrupted replica cannot raise terms. Scripts: prevote/17
 * to 24.
 */
class Rule05MinorityRefusesTest {

  @Test
  @DisplayName("24: a leader without a quorum steps down and refuses")
  void leader_withoutQuorum_refusesAfterElectionTimeout() {
    Play play = Play.threeLedByR1();
    play.then("isolate r1", "run 990ms");
    assertThat(play.run("propose r1 a")).noneMatch(line -> line.contains("rejected"));
    play.run("run 120ms");
    assertThat(play.run("propose r1 b")).containsExactly("b rejected NOT_LEADER leader=-");
  }

  @Test
  @DisplayName("a leader that still hears a majority stays")
  void leader_oneFollowerGone_stays() {
    Play play = Play.threeLedByR1();
    assertThat(play.then("isolate r3", "run 5000ms")).noneMatch(line -> line.contains("r1 is"));
  }

  @Test
  @DisplayName("a leader that can send but not receive steps down, and the others elect")
  void leader_hearsNobody_isReplaced() {
    Play play = Play.threeLedByR1();
    assertThat(play.then("cut *->r1", "run 4000ms"))
        .contains("r1 is FOLLOWER term=1 leader=-")
        .anyMatch(line -> line.contains("is LEADER term=2"));
  }

  @Test
  @DisplayName("a cut-off replica's term does not grow")
  void follower_cutOff_termStays() {
    Play play = Play.threeLedByR1();
    play.then("isolate r3", "run 20000ms");
    assertThat(play.run("state r3")).first().asString().startsWith("r3 PRE_CANDIDATE term=1 ");
  }

  @Test
  @DisplayName("a vote request without a transfer is ignored while a leader is heard")
  void voteRequest_leaderAlive_ignored() {
    Play play = Play.threeLedByR1();
    play.run("send r3->r2 VoteRequest term=5 last=9/4");
    assertThat(play.run("deliver r3->r2")).isEmpty();
    play.run("send r3->r1 VoteRequest term=5 last=9/4");
    assertThat(play.run("deliver r3->r1")).isEmpty();
  }
}
