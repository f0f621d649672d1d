package org.raftactors.testkit.actors;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StalenessTest {

  private static final long SECOND = 1_000_000_000;

  private final Findings findings = new Findings();
  private final Staleness staleness = new Staleness(findings, 2 * SECOND, SECOND / 10);

  StalenessTest() {
    staleness.applied(5, 10 * SECOND);
    staleness.applied(6, 20 * SECOND);
  }

  private boolean isTooOld(long sent, long index) {
    staleness.answered("a read", sent * SECOND, SECOND, index);
    return findings.isViolated();
  }

  @Test
  void whatItsBoundCovers_mayBeMissing() {
    assertThat(isTooOld(20, 5)).isFalse();
    assertThat(isTooOld(23, 5)).isFalse(); // the bound, an election timeout, two delays
    assertThat(isTooOld(60, 6)).isFalse();
  }

  @Test
  void whatWasAppliedLongBefore_mustBeThere() {
    assertThat(isTooOld(24, 5)).isTrue();
    assertThat(findings.check()).isEqualTo(Checks.STALE_READS);
    assertThat(findings.what()).contains("index 6 was applied 4000 ms before");
  }

  @Test
  void pausesInARow_makeItOlder() {
    staleness.stoodStill(21 * SECOND, 25 * SECOND);
    staleness.stoodStill(15 * SECOND, 19 * SECOND);
    assertThat(isTooOld(28, 5)).isFalse();
    assertThat(isTooOld(29, 5)).isTrue(); // the last one was over before the bound began
  }
}
