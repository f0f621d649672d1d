package org.raftactors.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What bounds and what decides, without actors. */
class LimitsTest {

  @Test
  void permits_areGivenInOrder_andReturnedOnce() {
    Permits permits = new Permits(2);
    List<String> granted = new ArrayList<>();
    Permits.Ticket a = permits.request(() -> granted.add("a"));
    Permits.Ticket b = permits.request(() -> granted.add("b"));
    Permits.Ticket c = permits.request(() -> granted.add("c"));
    Permits.Ticket d = permits.request(() -> granted.add("d"));
    assertThat(granted).containsExactly("a", "b");
    assertThat(permits.tryNow()).isNull();
    c.release(); // it waits no more
    a.release();
    a.release();
    assertThat(granted).containsExactly("a", "b", "d");
    b.release();
    d.release();
    assertThat(permits.tryNow()).isNotNull();
    assertThat(permits.tryNow()).isNotNull();
    assertThat(permits.tryNow()).isNull();
  }

  @Test
  void theRate_isKept_whoeverSends() {
    SendRate rate = new SendRate(1_000_000);
    long now = -5_000_000_000L;
    long sentAtLast = now;
    long bytes = 0;
    for (int i = 0; i < 100; i++) {
      long wait = rate.reserve(50_000, now);
      bytes += 50_000;
      sentAtLast = Math.max(sentAtLast, now + wait);
      now += 1_000_000; // asks faster than it may
    }
    double seconds = (sentAtLast + 5_000_000_000L) / 1e9;
    assertThat(bytes / seconds).isBetween(900_000.0, 1_100_000.0);
    assertThat(rate.reserve(50_000, now + 60_000_000_000L)).isZero();
  }

  @Test
  void policy_entriesOrBytes_butNotBeforeTheLogHasGrown() {
    SnapshotPolicy policy = new SnapshotPolicy(100, 10_000, 0.5);
    assertThat(policy.isDue(99, 9_999, 0)).isFalse();
    assertThat(policy.isDue(100, 1, 0)).isTrue();
    assertThat(policy.isDue(1, 10_000, 0)).isTrue();
    assertThat(policy.isDue(1_000, 10_000, 30_000)).isFalse();
    assertThat(policy.isDue(1_000, 15_000, 30_000)).isTrue();
    assertThat(new SnapshotPolicy(100, 10_000, 0).isDue(100, 1, Long.MAX_VALUE)).isTrue();
  }

  /** A receiver that asks, and a sender that answers, with everything that may go wrong between. */
  @Test
  void outgoing_sendsWhatWasAskedFor_andNothingBeyondTheEnd() {
    for (long seed = 1; seed <= 200; seed++) {
      Random random = new Random(seed);
      Outgoing outgoing = new Outgoing(1_000);
      for (int i = 0; i < 300; i++) {
        long offset = random.nextInt(1_100);
        long bytes = random.nextInt(200);
        outgoing.pulled(offset, bytes);
        while (outgoing.begin(64)) {
          assertThat(outgoing.length()).as("seed %s", seed).isBetween(1, 64);
          assertThat(outgoing.offset() + outgoing.length()).isLessThanOrEqualTo(1_000);
          assertThat(outgoing.begin(64)).isFalse();
          outgoing.done();
        }
      }
    }
  }

  @Test
  void outgoing_whatIsUnderWay_isNotSentTwice() {
    Outgoing outgoing = new Outgoing(1_000);
    outgoing.pulled(0, 100);
    assertThat(outgoing.begin(64)).isTrue();
    outgoing.pulled(0, 100); // asked again out of impatience
    outgoing.done();
    assertThat(outgoing.begin(64)).isTrue();
    assertThat(outgoing.offset()).isEqualTo(64);
  }
}
