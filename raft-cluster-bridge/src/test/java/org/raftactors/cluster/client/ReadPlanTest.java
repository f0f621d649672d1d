package org.raftactors.cluster.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.raftactors.ReadResult.Rejected;
import org.raftactors.RejectReason;
import org.raftactors.core.membership.ReplicaId;

class ReadPlanTest {

  private static final ReplicaId ONE = new ReplicaId(1);
  private static final ReplicaId TWO = new ReplicaId(2);
  private static final ReplicaId THREE = new ReplicaId(3);
  private static final long SECOND = 1_000_000_000L;

  private final ReadPlan plan =
      new ReadPlan(
          ProposalPipelineTest.settings(),
          List.of(ONE, TWO, THREE),
          ONE,
          new SplittableRandom(3),
          5 * SECOND);

  private static Rejected<byte[]> rejected(RejectReason reason, @Nullable ReplicaId hint) {
    return new Rejected<>(reason, Optional.ofNullable(hint), Duration.ZERO);
  }

  private static ReplicaId asked(ReadPlan.Step step) {
    assertThat(step).isInstanceOf(ReadPlan.Step.Ask.class);
    return ((ReadPlan.Step.Ask) step).replica();
  }

  @Test
  void aSilentReplica_isLeftForTheNextAtOnce() {
    assertThat(plan.proceed(0)).isEqualTo(new ReadPlan.Step.Ask(ONE, SECOND));
    assertThat(asked(plan.lost(SECOND))).isEqualTo(TWO);
    assertThat(asked(plan.lost(2 * SECOND))).isEqualTo(THREE);
    assertThat(asked(plan.lost(3 * SECOND))).isEqualTo(ONE);
  }

  @Test
  void anAttempt_endsAtTheDeadline() {
    long late = 5 * SECOND - 7;
    assertThat(plan.proceed(late)).isEqualTo(new ReadPlan.Step.Ask(ONE, 7));
  }

  @Test
  void aHint_isFollowedAtOnce_butNotForEver() {
    assertThat(asked(plan.rejected(rejected(RejectReason.NOT_LEADER, TWO), 0))).isEqualTo(TWO);
    assertThat(asked(plan.rejected(rejected(RejectReason.NOT_LEADER, ONE), 0))).isEqualTo(ONE);
    assertThat(plan.rejected(rejected(RejectReason.NOT_LEADER, TWO), 0))
        .isInstanceOf(ReadPlan.Step.Pause.class);
  }

  @Test
  void aRejectionWithoutHint_leadsToTheNextAfterAPause() {
    assertThat(plan.rejected(rejected(RejectReason.UNAVAILABLE, null), 0))
        .isInstanceOf(ReadPlan.Step.Pause.class);
    assertThat(asked(plan.proceed(1))).isEqualTo(TWO);
  }

  @Test
  void overloaded_waitsAsLongAsTold() {
    Rejected<byte[]> overloaded =
        new Rejected<>(RejectReason.OVERLOADED, Optional.empty(), Duration.ofSeconds(2));
    assertThat(plan.rejected(overloaded, 0)).isEqualTo(new ReadPlan.Step.Pause(2 * SECOND));
    assertThat(asked(plan.proceed(2 * SECOND))).isEqualTo(ONE);
  }

  @Test
  void withoutTimeForAnotherAttempt_theLastRejectionIsTheResult() {
    Rejected<byte[]> last =
        new Rejected<>(RejectReason.OVERLOADED, Optional.empty(), Duration.ofSeconds(2));
    assertThat(plan.rejected(last, 4 * SECOND)).isEqualTo(new ReadPlan.Step.Finish(last));
  }

  @Test
  void neverAnswered_isUnavailable() {
    ReadPlan.Step step = plan.lost(5 * SECOND);
    assertThat(step).isInstanceOf(ReadPlan.Step.Finish.class);
    assertThat(((ReadPlan.Step.Finish) step).result().reason()).isEqualTo(RejectReason.UNAVAILABLE);
  }

  @Test
  void tooLarge_isFinal() {
    Rejected<byte[]> large = rejected(RejectReason.TOO_LARGE, null);
    assertThat(plan.rejected(large, 0)).isEqualTo(new ReadPlan.Step.Finish(large));
  }
}
