package org.raftactors.core.rules;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Every reader is answered once, wherever its read was when something ended. Scripts: reads/60. */
class ReadsEndTest {

  private static final String REFUSED_INDEX = "r1->r2 ReadIndexResponse term=1 id=1001 index=-1";

  @Test
  @DisplayName("a lone voter confirms its reads itself")
  void loneVoter_read_isServed() {
    Play play = Play.of("cluster 1", "elect r1", "run 100ms", "read r1 x");
    assertThat(play.run("outcomes")).containsExactly("x served 1");
  }

  @Test
  @DisplayName("a leader with too many reads says so, and the follower passes it on")
  void overloadedLeader_forwardedRead_isRefusedAtTheFollower() {
    Play play = Play.of("settings maxPendingReads=1", "cluster 3", "elect r1", "run 100ms");
    play.then("cut r1->r2", "cut r1->r3", "read r1 x", "heal");
    assertThat(play.then("read r2 y", "deliver r2->r1")).contains(REFUSED_INDEX);
    assertThat(play.run("deliver r1->r2 ReadIndexResponse"))
        .contains("y rejected NOT_LEADER leader=r1");
  }

  @Test
  @DisplayName("a follower counts what it forwarded until it is answered")
  void forwardedReads_areBounded() {
    Play play = Play.of("settings maxPendingReads=2", "cluster 3", "elect r1", "run 100ms");
    play.then("cut r2->r1", "read r2 a b");
    assertThat(play.run("read r2 c")).contains("c rejected OVERLOADED leader=r1");
    play.then("heal", "run 2000ms");
    assertThat(play.run("outcomes"))
        .contains("a rejected NOT_LEADER leader=r1", "b rejected NOT_LEADER leader=r1");
    for (String round : new String[] {"d e", "f g"}) {
      play.then("read r2 " + round, "run 200ms");
    }
    assertThat(play.run("outcomes"))
        .contains("d served 1", "e served 1", "f served 1", "g served 1");
  }

  @Test
  @DisplayName("a deposed leader answers followers whose reads it has not confirmed")
  void deposedLeader_forwardedRead_isRefused() {
    Play play = Play.threeLedByR1();
    play.then("read r2 x", "deliver r2->r1", "drop *->*");
    play.then("send r3->r1 HeartbeatAck term=7 round=1", "deliver r3->r1");
    assertThat(play.run("messages r1->r2"))
        .contains("r1->r2 ReadIndexResponse term=7 id=1001 index=-1");
  }

  @Test
  @DisplayName("a follower's reads end when its leader is no longer the leader")
  void newTerm_forwardedReads_areRefusedAtOnce() {
    Play play = Play.threeLedByR1();
    play.then("read r2 x", "drop *->*", "send r3->r2 Heartbeat term=7 commit=0 round=1");
    assertThat(play.run("deliver r3->r2")).anyMatch(line -> line.startsWith("x rejected"));
  }

  @Test
  @DisplayName("who is told to campaign at once refuses what it asked its leader")
  void timeoutNow_forwardedReads_areRefusedAtOnce() {
    Play play = Play.threeLedByR1();
    play.then("read r2 x", "drop *->*", "send r1->r2 TimeoutNow term=1");
    assertThat(play.run("deliver r1->r2")).anyMatch(line -> line.startsWith("x rejected"));
  }

  @Test
  @DisplayName("a replica that stops answers reads that are confirmed but not served")
  void stop_confirmedReadThatWaitsForApply_isRefused() {
    Play play = Play.threeLedByR1();
    play.then("disk r2 manual", "propose r1 a", "run 200ms", "read r2 x", "run 200ms");
    assertThat(play.run("outcomes")).contains("a committed 2/1", "x waits");
    assertThat(play.run("stop r2")).contains("x rejected STOPPED leader=r1");
  }
}
