package org.raftactors.core.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.raftactors.core.invariant.InvariantViolation;
import org.raftactors.core.log.EntryKind;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.log.Payload;
import org.raftactors.core.log.RaftLog;
import org.raftactors.core.log.SnapshotBase;
import org.raftactors.core.membership.Configuration;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.write.DurableState;
import org.raftactors.core.write.HardState;
import org.raftactors.core.write.Written;

/**
 * Rule 7: the next index is the last index of the one log + 1, and writing another entry over a
 * committed index is fatal. Scripts: replication/29, commit/J-4-51.
 */
class Rule07NextIndexTest {

  private static final SnapshotBase BASE =
      SnapshotBase.initial(Configuration.ofVoters(List.of(new ReplicaId(1))));

  private static LogEntry entry(long index, long term) {
    return new LogEntry(index, term, 0, EntryKind.COMMAND, Payload.EMPTY);
  }

  @Test
  @DisplayName("51: the log takes nothing but its next index")
  void append_notTheNextIndex_isFatal() {
    RaftLog log = RaftLog.empty(BASE);
    log.append(List.of(entry(1, 1)));
    assertThatThrownBy(() -> log.append(List.of(entry(1, 1))))
        .isInstanceOf(InvariantViolation.class);
    assertThatThrownBy(() -> log.append(List.of(entry(3, 1))))
        .isInstanceOf(InvariantViolation.class);
  }

  @Test
  @DisplayName(
      "29: recovery refuses an event that cuts below a commit hint, and one that leaves a gap")
  void recovery_illegalEvent_isFatal() {
    DurableState state =
        DurableState.initial(BASE)
            .after(
                new Written(
                    new HardState(1, null),
                    BASE,
                    LogPosition.ZERO,
                    List.of(entry(1, 1), entry(2, 1)),
                    2),
                1);
    assertThatThrownBy(
            () ->
                state.after(
                    new Written(
                        new HardState(2, null),
                        BASE,
                        new LogPosition(1, 1),
                        List.of(entry(2, 2)),
                        2),
                    2))
        .isInstanceOf(InvariantViolation.class);
    assertThatThrownBy(
            () ->
                state.after(
                    new Written(
                        new HardState(2, null),
                        BASE,
                        new LogPosition(3, 1),
                        List.of(entry(4, 2)),
                        2),
                    2))
        .isInstanceOf(InvariantViolation.class);
  }

  @Test
  @DisplayName("51: a leader goes on behind everything that its own disk has")
  void leader_afterRestart_continuesBehindItsLog() {
    Play play = Play.of("cluster 1", "given r1 log=1,1,1 term=1", "elect r1");
    assertThat(play.run("propose r1 a")).contains("a committed 5/2");
  }
}
