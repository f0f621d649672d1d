package org.raftactors.core.rules;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.raftactors.core.read.PendingRead;
import org.raftactors.core.read.ReadRounds;

/**
 * Rule 12: a read is confirmed only by acknowledgements that name a round which started after it.
 * Scripts: reads/56 to 61.
 */
class Rule12ReadRoundsTest {

  @Test
  @DisplayName("57: a round confirms what arrived before it started, and an earlier round does not")
  void confirm_roundOfTheRead_notAnEarlierOne() {
    ReadRounds rounds = new ReadRounds();
    rounds.add(PendingRead.local("a"));
    rounds.open(3, 10);
    rounds.add(PendingRead.local("b"));
    rounds.open(5, 12);
    assertThat(rounds.confirm(2)).isEmpty();
    assertThat(rounds.confirm(4))
        .containsExactly(new ReadRounds.Confirmed(PendingRead.local("a"), 10));
    assertThat(rounds.confirm(4)).isEmpty();
    assertThat(rounds.size()).isEqualTo(1);
    assertThat(rounds.confirm(6))
        .containsExactly(new ReadRounds.Confirmed(PendingRead.local("b"), 12));
    assertThat(rounds.size()).isZero();
  }

  @Test
  @DisplayName("57: acknowledgements of an earlier round leave the read waiting")
  void earlierRound_acknowledgedAfterTheRead_doesNotServe() {
    Play play = Play.threeLedByR1();
    play.then("advance 100ms", "deliver r1->*", "read r1 x");
    assertThat(play.run("deliver *->r1 HeartbeatAck")).isEmpty();
    play.run("deliver r1->r2 Heartbeat");
    assertThat(play.run("deliver r2->r1")).containsExactly("x served by r1 at 1 covering 1");
  }

  @Test
  @DisplayName("many reads share one round")
  void reads_ofOneDrain_shareARound() {
    Play play = Play.threeLedByR1();
    assertThat(play.run("read r1 x y z")).hasSize(2);
    play.run("deliver r1->r2");
    assertThat(play.run("deliver r2->r1")).hasSize(3);
  }

  @Test
  @DisplayName("no more reads wait than allowed")
  void reads_tooMany_refused() {
    Play play =
        Play.of("settings maxPendingReads=2", "cluster 3", "elect r1", "run 100ms", "isolate r1");
    assertThat(play.run("read r1 x y z")).contains("z rejected OVERLOADED leader=r1");
  }
}
