package org.raftactors.actor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.raftactors.actor.DigestComparison.Verdict;
import org.raftactors.core.membership.Configuration;
import org.raftactors.core.membership.ReplicaId;

class DigestComparisonTest {

  private static final ReplicaId SELF = new ReplicaId(1);
  private static final ReplicaId R2 = new ReplicaId(2);
  private static final ReplicaId R3 = new ReplicaId(3);
  private static final ReplicaId LEARNER = new ReplicaId(4);
  private static final Configuration MEMBERS =
      new Configuration(List.of(SELF, R2, R3), List.of(LEARNER));

  private final DigestComparison comparison = new DigestComparison(SELF);

  @Test
  void report_allEqual_isFine() {
    for (ReplicaId replica : MEMBERS.members()) {
      assertThat(report(replica, 100, 7)).isEqualTo(Verdict.FINE);
    }
  }

  @Test
  void report_aMajorityDiffersFromSelf_whoeverComesLast() {
    report(SELF, 100, 7);
    assertThat(report(R2, 100, 8)).as("one against one").isEqualTo(Verdict.OTHER_DIFFERS);
    assertThat(report(R3, 100, 8)).isEqualTo(Verdict.SELF_DIFFERS);
    assertThat(comparison.detail()).contains("at index 100").contains("r1 has 7, r2 has 8");

    report(R2, 200, 8);
    report(R3, 200, 8);
    assertThat(report(SELF, 200, 7)).as("own report last").isEqualTo(Verdict.SELF_DIFFERS);
  }

  @Test
  void report_anotherDiffers_isAnAlarmOnce() {
    report(SELF, 100, 7);
    report(R2, 100, 7);
    assertThat(report(R3, 100, 8)).isEqualTo(Verdict.OTHER_DIFFERS);
    assertThat(report(R3, 100, 8)).isEqualTo(Verdict.FINE);
    assertThat(report(LEARNER, 100, 9)).isEqualTo(Verdict.FINE);
  }

  @Test
  void report_ofLearnersAndStrangers_stopsNobody() {
    report(SELF, 100, 7);
    assertThat(report(LEARNER, 100, 8)).isEqualTo(Verdict.OTHER_DIFFERS);
    assertThat(report(new ReplicaId(9), 100, 8)).isEqualTo(Verdict.FINE);
    assertThat(report(R2, 100, 8)).as("a learner makes no majority").isEqualTo(Verdict.FINE);
  }

  @Test
  void report_ofDifferentIndexes_areNotCompared() {
    report(SELF, 100, 7);
    assertThat(report(R2, 200, 8)).isEqualTo(Verdict.FINE);
    assertThat(report(R3, 300, 8)).isEqualTo(Verdict.FINE);
  }

  @Test
  void report_ofLongAgo_isForgotten() {
    for (int i = 1; i <= 1_000; i++) {
      report(R2, 100L * i, 8);
    }
    report(R3, 100, 8);
    assertThat(report(SELF, 100, 7)).as("too old to be judged").isEqualTo(Verdict.FINE);
    report(R3, 100_000, 8);
    assertThat(report(SELF, 100_000, 7)).isEqualTo(Verdict.SELF_DIFFERS);
  }

  private Verdict report(ReplicaId replica, long index, long digest) {
    return comparison.report(replica, index, digest, MEMBERS);
  }
}
