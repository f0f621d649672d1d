package org.raftactors.core.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.raftactors.core.CoreSettings;
import org.raftactors.core.Effect;
import org.raftactors.core.RaftCore;
import org.raftactors.core.Role;
import org.raftactors.core.log.RaftLog;
import org.raftactors.core.log.SnapshotBase;
import org.raftactors.core.membership.Configuration;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.message.PreVoteRequest;
import org.raftactors.core.write.DurableState;
import org.raftactors.core.write.PendingWrite;

/**
 * Rule 10, and scenario 8: durations come from the monotonic time that is handed in, and each
 * attempt draws a new time-out from the full range. Kommander c2786c1 timed elections by the wall
 * clock, and e0cec84 added to the back-off, which synchronized the candidates.
 */
class Rule10MonotonicTimeTest {

  private static final long MILLI = 1_000_000;
  private static final CoreSettings SETTINGS =
      new CoreSettings(
          1_000 * MILLI,
          2_000 * MILLI,
          100 * MILLI,
          5_000 * MILLI,
          1,
          1,
          1,
          1,
          1,
          1,
          1,
          1,
          1,
          1,
          1);

  /** Draws the lowest value of a range, and notes the range. */
  private static final class RecordingRandom implements RandomGenerator {
    private final List<List<Long>> ranges = new ArrayList<>();

    @Override
    public long nextLong(long origin, long bound) {
      ranges.add(List.of(origin, bound));
      return origin;
    }

    @Override
    public long nextLong() {
      return 0;
    }
  }

  private static RaftCore core(RandomGenerator random, long now) {
    return core(random, now, List.of(new ReplicaId(1), new ReplicaId(2), new ReplicaId(3)));
  }

  private static RaftCore core(RandomGenerator random, long now, List<ReplicaId> voters) {
    SnapshotBase base = SnapshotBase.initial(Configuration.ofVoters(voters));
    return new RaftCore(
        SETTINGS,
        new ReplicaId(1),
        DurableState.initial(base),
        RaftLog.empty(base),
        0,
        random,
        now);
  }

  private static long preVotes(RaftCore core) {
    List<Effect> effects = new ArrayList<>();
    core.takeEffects(effects::add);
    return effects.stream()
        .filter(e -> e instanceof Effect.Send send && send.message() instanceof PreVoteRequest)
        .count();
  }

  @Test
  @DisplayName("8: every attempt draws a new time-out from the full range")
  void attempts_each_drawFromTheFullRange() {
    RecordingRandom random = new RecordingRandom();
    RaftCore core = core(random, 0);
    for (int attempt = 1; attempt <= 5; attempt++) {
      core.tick(attempt * 1_000L * MILLI);
      assertThat(preVotes(core)).isEqualTo(2);
    }
    assertThat(random.ranges).hasSize(6).containsOnly(List.of(1_000 * MILLI, 2_000 * MILLI));
  }

  @Test
  @DisplayName("an election comes when its time has passed, not before, wherever the clock began")
  void tick_beforeTheDeadline_changesNothing() {
    long start = Long.MAX_VALUE / 2;
    RaftCore core = core(new RecordingRandom(), start);
    assertThat(core.nextDeadline()).isEqualTo(start + 1_000 * MILLI);
    core.tick(start + 1_000 * MILLI - 1);
    assertThat(preVotes(core)).isZero();
    core.tick(start + 1_000 * MILLI);
    assertThat(preVotes(core)).isEqualTo(2);
    assertThat(core.nextDeadline()).isEqualTo(start + 2_000 * MILLI);
  }

  @Test
  @DisplayName("122: a time that steps back is taken as no time having passed")
  void time_stepsBack_isHarmless() {
    RaftCore core = core(new RecordingRandom(), 5_000 * MILLI);
    core.tick(1);
    core.tick(5_500 * MILLI);
    core.tick(5_400 * MILLI);
    assertThat(core.status().role()).isEqualTo(Role.FOLLOWER);
    assertThat(core.nextDeadline()).isEqualTo(6_000 * MILLI);
  }

  @Test
  @DisplayName("leaders that share a clock send heartbeats at the same moments, whenever elected")
  void heartbeats_ofLeadersWithOneClock_fallTogether() {
    RaftCore core = core(new RecordingRandom(), 0, List.of(new ReplicaId(1)));
    core.tick(1_037 * MILLI);
    PendingWrite vote = Objects.requireNonNull(core.nextWrite(1_037 * MILLI, 0));
    core.written(vote.number(), 1_040 * MILLI);
    assertThat(core.role()).isEqualTo(Role.LEADER);
    assertThat(core.nextDeadline()).isEqualTo(1_100 * MILLI);
    core.tick(1_113 * MILLI);
    assertThat(core.nextDeadline()).isEqualTo(1_200 * MILLI);
    core.tick(1_200 * MILLI);
    assertThat(core.nextDeadline()).isEqualTo(1_300 * MILLI);
    core.tick(1_360 * MILLI);
    assertThat(core.nextDeadline()).as("after one that was late").isEqualTo(1_500 * MILLI);
  }
}
