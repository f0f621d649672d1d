package org.raftactors.core.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.raftactors.core.read.ReadRounds.Confirmed;

/** Rule 12: only a round that began after the read confirms it, with the index of its beginning. */
class ReadRoundsTest {

  private final ReadRounds rounds = new ReadRounds();
  private final PendingRead a = PendingRead.local("a");
  private final PendingRead b = PendingRead.local("b");
  private final PendingRead c = PendingRead.local("c");

  @Test
  void confirm_roundsUpToTheConfirmedOne_andNoReadThatStillWaits() {
    assertThat(rounds.hasWaiting()).isFalse();
    rounds.add(a);
    assertThat(rounds.hasWaiting()).isTrue();
    rounds.open(7, 3);
    assertThat(rounds.hasWaiting()).isFalse();
    rounds.add(b);
    rounds.open(8, 4);
    rounds.add(c);
    assertThat(rounds.size()).isEqualTo(3);

    assertThat(rounds.confirm(6)).isEmpty();
    assertThat(rounds.confirm(7)).containsExactly(new Confirmed(a, 3));
    assertThat(rounds.size()).isEqualTo(2);
    assertThat(rounds.confirm(100)).containsExactly(new Confirmed(b, 4));
    assertThat(rounds.size()).isEqualTo(1);
    assertThat(rounds.confirm(100)).isEmpty();
    rounds.open(9, 5);
    assertThat(rounds.confirm(9)).containsExactly(new Confirmed(c, 5));
    assertThat(rounds.size()).isZero();
  }

  @Test
  void confirm_aLaterRound_confirmsTheEarlierOnesEachWithItsIndex() {
    rounds.add(a);
    rounds.open(7, 3);
    rounds.add(b);
    rounds.add(c);
    rounds.open(8, 4);
    assertThat(rounds.confirm(8))
        .isEqualTo(List.of(new Confirmed(a, 3), new Confirmed(b, 4), new Confirmed(c, 4)));
  }

  @Test
  void clear_givesAllThatAreNotConfirmed_once() {
    rounds.add(a);
    rounds.open(7, 3);
    rounds.add(b);
    assertThat(rounds.clear()).containsExactly(a, b);
    assertThat(rounds.size()).isZero();
    assertThat(rounds.hasWaiting()).isFalse();
    assertThat(rounds.clear()).isEmpty();
    assertThat(rounds.confirm(7)).isEmpty();
  }
}
