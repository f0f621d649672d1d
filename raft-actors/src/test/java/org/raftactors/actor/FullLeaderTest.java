package org.raftactors.actor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FullLeaderTest {

  private final long start = Math.subtractExact(Long.MAX_VALUE, 50); // the time may overflow
  private final FullLeader leader = new FullLeader(100);

  @Test
  void itHandsOver_afterAWhile_andLessOftenIfNobodyTakesIt() {
    assertThat(leader.isDue(1, start)).isFalse();
    assertThat(leader.isDue(1, start + 99)).isFalse();
    assertThat(leader.isDue(1, start + 100)).isTrue();
    assertThat(leader.isDue(1, start + 101)).isFalse();
    assertThat(leader.isDue(1, start + 299)).isFalse();
    assertThat(leader.isDue(1, start + 300)).isTrue();
  }

  @Test
  void leadershipThatComesBack_staysLonger() {
    leader.isDue(1, start);
    assertThat(leader.isDue(1, start + 100)).isTrue();
    assertThat(leader.isDue(4, start + 1_000)).isFalse();
    assertThat(leader.isDue(4, start + 1_199)).isFalse();
    assertThat(leader.isDue(4, start + 1_200)).isTrue();
    long wait = 400;
    long now = start + 2_000;
    for (long term = 5; term < 40; term++) {
      leader.isDue(term, now);
      assertThat(leader.isDue(term, now + wait - 1)).isFalse();
      assertThat(leader.isDue(term, now + wait)).isTrue();
      now += 2 * wait;
      wait = Math.min(2 * wait, 25_600);
    }
  }

  @Test
  void room_isANewBeginning() {
    leader.isDue(1, start);
    assertThat(leader.isDue(1, start + 100)).isTrue();
    leader.hasRoom();
    assertThat(leader.isDue(1, start + 1_000)).isFalse();
    assertThat(leader.isDue(1, start + 1_100)).isTrue();
  }
}
