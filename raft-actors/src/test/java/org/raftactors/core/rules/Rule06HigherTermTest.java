package org.raftactors.core.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Rule 6, and scenarios 1, 16: a higher term is adopted from every message except a pre-vote
 * request, a granted pre-vote, and a vote request that stickiness ignores. Every rejection carries
 * the rejecter's term. Scripts: election/01, 02, af16b6f, d293da0, prevote/21.
 */
class Rule06HigherTermTest {

  private static final List<String> ADOPTED =
      List.of(
          "AppendRequest term=7 prev=0/0 [] commit=0",
          "AppendAccepted term=7 match=0",
          "AppendRejected term=7 prev=0 hint=0/0 last=0",
          "Heartbeat term=7 commit=0 round=1",
          "HeartbeatAck term=7 round=1",
          "VoteRequest term=7 last=0/0 transfer",
          "VoteResponse term=7 granted",
          "VoteResponse term=7 rejected",
          "PreVoteResponse term=7 rejected",
          "TimeoutNow term=7",
          "ReadIndexRequest term=7 id=1",
          "SnapshotRequest term=7 atLeast=0",
          "ReadIndexResponse term=7 id=1 index=0");

  private static final List<String> NOT_ADOPTED =
      List.of("PreVoteRequest term=7 last=0/0", "PreVoteResponse term=7 granted");

  private static Play inRole(String role) {
    return switch (role) {
      case "FOLLOWER" -> Play.of("cluster 3");
      case "PRE_CANDIDATE" -> Play.of("cluster 3", "tick r1", "drop *->*");
      case "CANDIDATE" ->
          Play.of("cluster 3", "tick r1", "deliver r1->*", "deliver *->r1", "drop *->*");
      default -> Play.threeLedByR1();
    };
  }

  static Stream<Arguments> adopted() {
    return combine(ADOPTED);
  }

  static Stream<Arguments> notAdopted() {
    return combine(NOT_ADOPTED);
  }

  private static Stream<Arguments> combine(List<String> messages) {
    List<Arguments> all = new ArrayList<>();
    for (String role : List.of("FOLLOWER", "PRE_CANDIDATE", "CANDIDATE", "LEADER")) {
      messages.forEach(message -> all.add(Arguments.of(role, message)));
    }
    return all.stream();
  }

  @ParameterizedTest(name = "1: {0} adopts the term of {1}, durably before any answer")
  @MethodSource("adopted")
  void higherTerm_anyRole_isAdoptedAndDurable(String role, String message) {
    Play play = inRole(role);
    assertThat(play.run("state r1")).first().asString().startsWith("r1 " + role);
    play.then("disk r1 manual", "send r2->r1 " + message, "deliver r2->r1");
    assertThat(play.run("state r1")).first().asString().startsWith("r1 FOLLOWER term=7 ");
    assertThat(play.run("messages r1->r2")).isEmpty();
    play.run("disk r1 complete");
    assertThat(play.run("durable r1")).first().asString().startsWith("r1 durable term=7 ");
  }

  @ParameterizedTest(name = "1: {0} does not adopt the term of {1}")
  @MethodSource("notAdopted")
  void preVotes_anyRole_changeNoTerm(String role, String message) {
    Play play = inRole(role);
    List<String> before = play.run("state r1");
    play.then("send r2->r1 " + message, "deliver r2->r1");
    assertThat(play.run("state r1")).isEqualTo(before);
  }

  @Test
  @DisplayName("1: a vote request that stickiness ignores leaves the term alone")
  void voteRequest_ignoredByStickiness_changesNoTerm() {
    Play play = Play.threeLedByR1();
    List<String> before = play.run("state");
    play.then("send r3->r2 VoteRequest term=7 last=9/6", "deliver r3->r2");
    play.then("send r3->r1 VoteRequest term=7 last=9/6", "deliver r3->r1");
    assertThat(play.run("state")).isEqualTo(before);
  }

  @Test
  @DisplayName("16: a term that no honest cluster reaches is dropped, not wrapped")
  void absurdTerm_anyMessage_isDropped() {
    Play play = Play.threeLedByR1();
    play.then("send r2->r1 HeartbeatAck term=9223372036854775807 round=1", "deliver r2->r1");
    play.then("send r2->r1 PreVoteRequest term=9223372036854775807 last=0/0");
    assertThat(play.run("deliver r2->r1")).isEmpty();
    assertThat(play.run("state r1")).first().asString().startsWith("r1 LEADER term=1 ");
  }
}
