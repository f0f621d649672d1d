package org.raftactors.core.rules;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Rule 4: only an entry of the current term commits by counting; a new leader appends a no-op,
 * takes proposals at once, and is published when the no-op is applied. Heartbeats never wait for
 * apply. Scripts: commit/45, 46.
 */
class Rule04OwnTermCommitsTest {

  @Test
  @DisplayName("45: an old entry on a majority is not committed before one of the leader's term is")
  void oldEntry_onMajority_notCommittedAlone() {
    Play play = Play.of("settings maxAppendBytes=1", "cluster 3");
    play.then("given r1 log=1,2 term=2", "given r2 log=1 term=2", "isolate r3");
    play.then("tick r1", "deliver r1->r2", "deliver r2->r1", "deliver r1->r2", "deliver r2->r1");
    play.then("deliver r1->r2", "deliver r2->r1"); // rejected: r2 lacks 2/2
    play.then("deliver r1->r2"); // 2/2 is durable on both now
    assertThat(play.run("deliver r2->r1")).noneMatch(line -> line.startsWith("r1 commit"));
    assertThat(play.run("durable r2")).first().asString().contains("2/2 no-op");
    play.run("deliver r1->r2");
    assertThat(play.run("deliver r2->r1")).contains("r1 commit 3");
  }

  @Test
  @DisplayName("46: leadership is published when the no-op is applied, proposals are taken before")
  void newLeader_beforeNoOpApplied_notPublishedButTakesProposals() {
    Play play = Play.of("cluster 1", "apply r1 manual");
    assertThat(play.run("elect r1")).contains("r1 is LEADER term=1 leader=r1", "r1 commit 1");
    assertThat(play.run("propose r1 a")).contains("r1 commit 2");
    assertThat(play.run("apply r1 next")).contains("r1 is LEADER term=1 leader=r1 published");
    assertThat(play.run("apply r1 next")).contains("a committed 2/1");
  }

  @Test
  @DisplayName("heartbeats go on while the state machine does nothing")
  void heartbeats_applyStuck_goOn() {
    Play play = Play.of("cluster 3", "apply r1 manual", "elect r1");
    assertThat(play.run("advance 100ms")).anyMatch(line -> line.startsWith("r1->r2 Heartbeat"));
  }
}
