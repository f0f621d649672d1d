package org.raftactors.core.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.raftactors.core.CoreSettings;
import org.raftactors.core.Effect;
import org.raftactors.core.Proposal;
import org.raftactors.core.RaftCore;
import org.raftactors.core.Refusal;
import org.raftactors.core.Role;
import org.raftactors.core.invariant.InvariantViolation;
import org.raftactors.core.log.EntryKind;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.log.Payload;
import org.raftactors.core.log.RaftLog;
import org.raftactors.core.log.SnapshotBase;
import org.raftactors.core.membership.Configuration;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.message.Heartbeat;
import org.raftactors.core.write.DurableState;
import org.raftactors.core.write.HardState;
import org.raftactors.core.write.PendingWrite;
import org.raftactors.core.write.Written;

/** A core refuses to start from what does not fit together, and does nothing after it stopped. */
class StartAndStopTest {

  private static final long MILLI = 1_000_000;
  private static final long STALL = 1_000 * MILLI;
  private static final ReplicaId R1 = new ReplicaId(1);
  private static final ReplicaId R2 = new ReplicaId(2);
  private static final SnapshotBase ALONE = base(Configuration.ofVoters(List.of(R1)));
  private static final SnapshotBase TWO = base(Configuration.ofVoters(List.of(R1, R2)));
  private static final CoreSettings SETTINGS =
      new CoreSettings(
          100 * MILLI,
          200 * MILLI,
          10 * MILLI,
          STALL,
          1 << 20,
          1 << 20,
          64,
          1 << 20,
          1024,
          1 << 20,
          1 << 20,
          1 << 20,
          1 << 20,
          100,
          1);

  private final List<Effect> effects = new ArrayList<>();

  private static SnapshotBase base(Configuration configuration) {
    return SnapshotBase.initial(configuration);
  }

  /** Three entries of term 1, none of which is known to be committed. */
  private static Written event(SnapshotBase base) {
    List<LogEntry> entries = new ArrayList<>();
    for (int index = 1; index <= 3; index++) {
      entries.add(new LogEntry(index, 1, 0, EntryKind.COMMAND, Payload.of(new byte[1])));
    }
    return new Written(new HardState(1, R1), base, LogPosition.ZERO, entries, 0);
  }

  private static RaftLog log(SnapshotBase base) {
    RaftLog log = RaftLog.empty(base);
    log.replay(event(base), 1 << 20);
    return log;
  }

  private static RaftCore core(SnapshotBase durable, RaftLog log, long stateMachineIndex) {
    DurableState state = DurableState.initial(durable).after(event(durable), 1);
    return new RaftCore(SETTINGS, R1, state, log, stateMachineIndex, new SplittableRandom(1), 0);
  }

  private List<Effect> effects(RaftCore core) {
    effects.clear();
    core.takeEffects(effects::add);
    return List.copyOf(effects);
  }

  @Test
  void start_journalAndLogDiffer_isRefused() {
    assertThatThrownBy(() -> core(ALONE, RaftLog.empty(ALONE), 0))
        .isInstanceOf(InvariantViolation.class)
        .hasMessageContainingAll("journal ends at 3/1", "the log at 0/0");
    assertThatThrownBy(() -> core(ALONE, log(TWO), 0))
        .isInstanceOf(InvariantViolation.class)
        .hasMessageContaining("journal stands on");
  }

  @Test
  void start_stateMachineAheadOfTheLog_isRefused() {
    for (long index : new long[] {-1, 4}) {
      assertThatThrownBy(() -> core(ALONE, log(ALONE), index))
          .isInstanceOf(InvariantViolation.class)
          .hasMessageContainingAll("has applied up to " + index, "the log ends at 3");
    }
    assertThat(core(ALONE, log(ALONE), 3).appliedIndex()).isEqualTo(3);
  }

  @Test
  void start_whatTheStateMachineKept_wasCommittedAndIsNotAppliedAgain() {
    RaftCore core = core(ALONE, log(ALONE), 2);
    assertThat(core.commitIndex()).isEqualTo(2);
    assertThat(core.appliedIndex()).isEqualTo(2);
    assertThat(core.durableIndex()).isEqualTo(3);
    assertThat(core.hardState()).isEqualTo(new HardState(1, R1));
    assertThat(effects(core)).noneMatch(Effect.Apply.class::isInstance);
  }

  private static long electAlone(RaftCore core) {
    long now = core.nextDeadline();
    core.tick(now);
    core.written(write(core, now).number(), now);
    return now;
  }

  private static PendingWrite write(RaftCore core, long now) {
    core.drained(now, 0);
    return Objects.requireNonNull(core.nextWrite(now, 0), "nothing to write");
  }

  @Test
  void leader_thatHearsAnotherOfItsTerm_stopsTheWorld() {
    RaftCore core = core(ALONE, log(ALONE), 0);
    long now = electAlone(core);
    assertThat(core.role()).isEqualTo(Role.LEADER);
    assertThat(core.leader()).isEqualTo(R1);
    assertThat(core.matchIndex(R2)).isEqualTo(-1);
    assertThatThrownBy(() -> core.receive(R2, new Heartbeat(2, 0, 1), now))
        .isInstanceOf(InvariantViolation.class)
        .hasMessageContaining("two leaders in term 2");
  }

  @Test
  void written_thatIsNotTheWriteInFlight_stopsTheWorld() {
    RaftCore core = core(ALONE, log(ALONE), 0);
    long now = electAlone(core);
    PendingWrite noOp = write(core, now);
    assertThatThrownBy(() -> core.written(noOp.number() - 1, now))
        .isInstanceOf(InvariantViolation.class)
        .hasMessageContainingAll("write " + (noOp.number() - 1) + " completed", "is in flight");
    core.written(noOp.number(), now);
    assertThat(core.commitIndex()).isEqualTo(4);
    assertThatThrownBy(() -> core.written(noOp.number(), now))
        .isInstanceOf(InvariantViolation.class);
  }

  @Test
  void failStop_theCoreItselfStops() {
    RaftCore core = core(ALONE, log(ALONE), 0);
    long now = electAlone(core);
    PendingWrite noOp = write(core, now);
    core.propose(new Proposal(Payload.of(new byte[1]), "early"), now);
    effects(core);

    core.tick(now + STALL);

    assertThat(effects(core))
        .anySatisfy(
            effect ->
                assertThat(effect)
                    .isInstanceOfSatisfying(
                        Effect.FailStop.class,
                        stop -> assertThat(stop.reason()).contains("for 1000 ms")));
    assertThat(core.nextDeadline()).isEqualTo(Long.MAX_VALUE);
    core.written(noOp.number(), now + STALL);
    core.receive(R2, new Heartbeat(9, 0, 1), now + STALL);
    core.propose(new Proposal(Payload.of(new byte[1]), "late"), now + STALL);
    core.read("reader", now + STALL);
    assertThat(effects(core))
        .containsExactly(
            new Effect.RejectProposal("late", Refusal.STOPPED, null),
            new Effect.RejectRead("reader", Refusal.STOPPED, null));
    assertThat(core.wantsWrite()).isFalse();
    assertThat(core.hardState().term()).isEqualTo(2);
  }
}
