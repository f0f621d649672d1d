package org.raftactors.core.replication;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a leader believes of one follower, answer by answer. */
class ProgressTest {

  private static final long NEXT = 11;

  /** A leader with ten entries knows nothing yet; at most two appends and 100 bytes under way. */
  private final Progress progress = new Progress(NEXT, 5, 2, 100);

  private void replicating() {
    progress.accepted(10);
  }

  @Test
  void probe_sendsOneAppendAndWaits() {
    assertThat(progress.isProbing()).isTrue();
    assertThat(progress.lastContact()).isEqualTo(5);
    assertThat(progress.mayAppend()).isTrue();
    progress.appendSent(12, 30);
    assertThat(progress.mayAppend()).isFalse();
    assertThat(progress.nextIndex()).as("nothing is assumed of a probe").isEqualTo(NEXT);
    assertThat(progress.inflightBytes()).isZero();
    assertThat(progress.heartbeatAcked(3)).as("lost appends").isFalse();
    assertThat(progress.mayAppend()).as("the answer may be lost: again").isTrue();
    assertThat(progress.ackedRound()).isEqualTo(3);
    progress.heartbeatAcked(2);
    assertThat(progress.ackedRound()).isEqualTo(3);
  }

  @Test
  void probe_accepted_isPipelinedFromThereOn_evenFromNothing() {
    progress.appendSent(0, 0);
    progress.accepted(0);
    assertThat(progress.state()).isEqualTo(Progress.State.REPLICATE);
    assertThat(progress.matchIndex()).isZero();
    assertThat(progress.nextIndex()).isEqualTo(1);
    assertThat(progress.mayAppend()).isTrue();
  }

  @Test
  void window_isFullByNumberAndByBytes_andEmptiesByAcknowledgement() {
    replicating();
    progress.appendSent(12, 30);
    assertThat(progress.nextIndex()).isEqualTo(13);
    assertThat(progress.mayAppend()).isTrue();
    progress.appendSent(13, 30);
    assertThat(progress.mayAppend()).as("two appends are under way").isFalse();
    progress.accepted(12);
    assertThat(progress.matchIndex()).isEqualTo(12);
    assertThat(progress.nextIndex()).isEqualTo(14);
    assertThat(progress.inflightBytes()).isEqualTo(30);
    assertThat(progress.mayAppend()).isTrue();
    progress.appendSent(14, 70);
    assertThat(progress.inflightBytes()).isEqualTo(100);
    progress.accepted(13);
    assertThat(progress.mayAppend()).isTrue();
    progress.appendSent(15, 30);
    progress.accepted(14);
    progress.accepted(15);
    progress.appendSent(16, 100);
    assertThat(progress.mayAppend()).as("100 bytes are under way").isFalse();
  }

  @Test
  void accepted_older_changesNothing() {
    replicating();
    progress.appendSent(12, 30);
    progress.heartbeatAcked(1);
    progress.accepted(9);
    assertThat(progress.matchIndex()).isEqualTo(10);
    assertThat(progress.nextIndex()).isEqualTo(13);
    assertThat(progress.heartbeatAcked(2)).as("nothing was acknowledged since").isTrue();
  }

  @Test
  void heartbeatAcked_appendsUnderWayAndNothingAcknowledged_seemLost() {
    replicating();
    assertThat(progress.heartbeatAcked(1)).as("nothing is under way").isFalse();
    progress.appendSent(12, 30);
    progress.accepted(11);
    assertThat(progress.heartbeatAcked(2)).as("something was acknowledged").isFalse();
    assertThat(progress.heartbeatAcked(3)).isTrue();
  }

  @Test
  void rejected_whatWasAcknowledgedSinceOrWasNotAsked_isIgnored() {
    progress.appendSent(12, 30);
    assertThat(progress.rejected(9, 3)).as("the outstanding probe was anchored at 10").isFalse();
    assertThat(progress.nextIndex()).isEqualTo(NEXT);
    replicating();
    progress.appendSent(12, 30);
    assertThat(progress.rejected(10, 3)).as("10 was acknowledged").isFalse();
    assertThat(progress.state()).isEqualTo(Progress.State.REPLICATE);
    assertThat(progress.inflightBytes()).isEqualTo(30);
  }

  @Test
  void rejected_probesAfterTheGuess_neverBelowWhatMatchesNorAtTheSameAnchor() {
    assertThat(progress.rejected(10, 4)).isTrue();
    assertThat(progress.nextIndex()).isEqualTo(5);
    assertThat(progress.rejected(4, 9)).isTrue();
    assertThat(progress.nextIndex()).as("not the same anchor again").isEqualTo(4);
    progress.accepted(3);
    progress.appendSent(6, 30);
    assertThat(progress.rejected(6, 1)).isTrue();
    assertThat(progress.nextIndex()).as("3 is known to match").isEqualTo(4);
    assertThat(progress.isProbing()).isTrue();
    assertThat(progress.mayAppend()).isTrue();
    assertThat(progress.inflightBytes()).isZero();
  }

  @Test
  void snapshot_nothingElseIsSentUntilItIsThere() {
    replicating();
    progress.appendSent(12, 30);
    progress.snapshotNeeded(20);
    assertThat(progress.state()).isEqualTo(Progress.State.SNAPSHOT);
    assertThat(progress.inflightBytes()).isZero();
    assertThat(progress.mayAppend()).isFalse();
    assertThat(progress.rejected(12, 3)).isFalse();
    progress.accepted(19);
    assertThat(progress.state()).isEqualTo(Progress.State.SNAPSHOT);
    progress.accepted(20);
    assertThat(progress.state()).isEqualTo(Progress.State.REPLICATE);
    assertThat(progress.nextIndex()).isEqualTo(21);
    assertThat(progress.mayAppend()).isTrue();
  }

  @Test
  void fetch_holdsAppendsBack() {
    progress.fetchStarted();
    assertThat(progress.mayAppend()).isFalse();
    progress.fetchEnded();
    replicating();
    progress.fetchStarted();
    assertThat(progress.mayAppend()).isFalse();
    progress.fetchEnded();
    assertThat(progress.mayAppend()).isTrue();
  }
}
