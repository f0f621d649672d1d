package org.raftactors.core.rules;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Rule 1: term, vote and entries are durable before anything that promises them leaves. Scripts
 * that show it too: election/04, 05, 07, 12, commit/47, 48. In every script and random schedule,
 * {@code PromiseChecker} checks it for each message that leaves.
 */
class Rule01DurableBeforePromisedTest {

  @Test
  @DisplayName("pre-vote traffic and a leader's requests leave at once")
  void requests_whileTheDiskIsBusy_leaveAtOnce() {
    Play play = Play.threeLedByR1();
    play.then("disk all manual", "propose r1 a");
    assertThat(play.run("messages r1->r2"))
        .containsExactly("r1->r2 AppendRequest term=1 prev=1/1 [2/1 a] commit=1");
    assertThat(play.then("leap 100ms", "tick r1")).anyMatch(line -> line.contains("Heartbeat"));
    play.then("send r3->r2 PreVoteRequest term=2 last=1/1");
    assertThat(play.run("deliver r3->r2"))
        .containsExactly("r2->r3 PreVoteResponse term=1 rejected");
  }

  @Test
  @DisplayName("5: a vote request waits for the candidate's own vote")
  void voteRequest_ownVoteNotDurable_waits() {
    Play play = Play.of("cluster 3", "disk r1 manual", "tick r1", "deliver r1->*", "deliver *->r1");
    assertThat(play.run("messages r1->*")).isEmpty();
    assertThat(play.run("disk r1 complete"))
        .contains("r1->r2 VoteRequest term=1 last=0/0", "r1->r3 VoteRequest term=1 last=0/0");
  }

  @Test
  @DisplayName("4, S-1: a grant waits for term and vote, a refusal for the term")
  void voteResponse_termNotDurable_waits() {
    Play play = Play.of("cluster 3", "given r1 log=1,1 term=1", "disk r1 manual");
    play.then("send r2->r1 VoteRequest term=2 last=1/1", "deliver r2->r1");
    assertThat(play.run("messages r1->*")).isEmpty();
    play.then("send r3->r1 VoteRequest term=2 last=2/1", "deliver r3->r1");
    assertThat(play.run("messages r1->*")).isEmpty();
    assertThat(play.run("disk r1 complete")).contains("r1->r2 VoteResponse term=2 rejected");
    assertThat(play.run("disk r1 complete")).contains("r1->r3 VoteResponse term=2 granted");
  }

  @Test
  @DisplayName("an append is acknowledged when its entries are durable")
  void append_entriesNotDurable_acknowledgedLater() {
    Play play = Play.threeLedByR1();
    play.then("disk r2 manual", "propose r1 a", "deliver r1->r2");
    assertThat(play.run("messages r2->r1")).isEmpty();
    assertThat(play.run("disk r2 complete")).contains("r2->r1 AppendAccepted term=1 match=2");
  }

  @Test
  @DisplayName("a duplicate append, that writes nothing itself, waits for the first copy's write")
  void duplicateAppend_firstCopyBeingWritten_acknowledgedLater() {
    Play play = Play.threeLedByR1();
    play.then("disk r2 manual", "propose r1 a", "duplicate r1->r2");
    play.then("deliver r1->r2 count=1");
    assertThat(play.run("deliver r1->r2")).isEmpty();
    assertThat(play.run("messages r2->r1")).isEmpty();
    assertThat(play.run("disk r2 complete")).contains("r2->r1 AppendAccepted term=1 match=2");
  }

  @Test
  @DisplayName("a heartbeat's answer waits for its term")
  void heartbeatAck_termNotDurable_waits() {
    Play play = Play.threeLedByR1();
    play.then("disk r2 manual", "send r3->r2 Heartbeat term=2 commit=1 round=1", "deliver r3->r2");
    assertThat(play.run("messages r2->r3")).isEmpty();
    assertThat(play.run("disk r2 complete")).contains("r2->r3 HeartbeatAck term=2 round=1");
  }

  @Test
  @DisplayName("what an older term promised never leaves once the term has moved on")
  void heldGrant_termMovesOn_isDropped() {
    Play play = Play.of("cluster 3", "disk r1 manual");
    play.then("send r2->r1 VoteRequest term=2 last=0/0", "deliver r2->r1");
    play.then("send r3->r1 VoteRequest term=3 last=0/0", "deliver r3->r1");
    assertThat(play.run("disk r1 complete")).noneMatch(line -> line.contains("->"));
    assertThat(play.run("disk r1 complete")).contains("r1->r3 VoteResponse term=3 granted");
    assertThat(play.run("messages r1->r2")).isEmpty();
  }

  @Test
  @DisplayName("47: the leader's own match counts only when it is durable")
  void ownMatch_notDurable_doesNotCount() {
    Play play = Play.threeLedByR1();
    play.then("isolate r3", "disk r1 manual", "propose r1 a", "deliver r1->r2");
    assertThat(play.run("deliver r2->r1")).isEmpty();
    assertThat(play.run("disk r1 complete")).contains("r1 commit 2", "a committed 2/1");
  }
}
