package org.raftactors.testkit.actors;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.raftactors.ApplyContext;
import org.raftactors.PartitionId;
import org.raftactors.actor.EntryContext;
import org.raftactors.core.log.EntryKind;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.Payload;

/** What replicas claim that restored a state. */
class AppliedLogTest {

  private static final byte[] RESULT = new byte[0];

  private final Findings findings = new Findings();
  private final AppliedLog log = new AppliedLog(findings, true, index -> {});

  private Progress apply(String who, Progress before, long index, String command) {
    byte[] bytes = command.getBytes(UTF_8);
    LogEntry entry = new LogEntry(index, 1, 0, EntryKind.COMMAND, Payload.of(bytes));
    ApplyContext context = new EntryContext(new PartitionId(1), entry);
    log.applying(who, before, context, bytes);
    Progress after = before.after(context, bytes);
    log.applied(who, after, context, bytes, RESULT);
    return after;
  }

  /** Commands at 2, 3 and 5: what lies between is the library's. */
  private Progress applyThree(String who) {
    return apply(who, apply(who, apply(who, Progress.NONE, 2, "a"), 3, "b"), 5, "c");
  }

  @Test
  void aStateGoesOn_whereItsSnapshotEnds() {
    Progress three = applyThree("r1");
    log.restored("r2", log.upTo(3), 4);
    Progress restored = apply("r2", log.upTo(3).asOf(4), 5, "c");

    assertThat(restored).isEqualTo(three);
    assertThat(findings.isViolated()).isFalse();
    log.restored("r3", restored, 5);
    log.restored("r3", restored, 6); // nothing of the state machine's is there
    assertThat(findings.isViolated()).isFalse();
  }

  @Test
  void aLabelThatIsTooLow_isFound() {
    Progress three = applyThree("r1");
    log.restored("r2", three, 4);

    assertThat(findings.check()).isEqualTo(Checks.APPLIED_ONCE_IN_ORDER);
    assertThat(findings.what()).contains("it will apply index 5 again");
  }

  @Test
  void aLabelThatIsTooHigh_isFound() {
    applyThree("r1");
    log.restored("r2", log.upTo(2), 3);

    assertThat(findings.check()).isEqualTo(Checks.APPLIED_ONCE_IN_ORDER);
    assertThat(findings.what()).contains("it lacks index 3");
  }

  @Test
  void aLabelThatIsTooHigh_isFound_alsoIfNobodyHasAppliedThatYet() {
    Progress three = applyThree("r1");
    log.restored("r2", three, 7);
    assertThat(findings.isViolated()).isFalse();
    apply("r1", three, 7, "d");

    assertThat(findings.what()).contains("it lacks index 7");
  }

  @Test
  void aStateOfOtherCommands_isFound() {
    applyThree("r1");
    log.restored("r2", new Progress(5, 1), 5);

    assertThat(findings.check()).isEqualTo(Checks.SAME_LOG);
  }

  @Test
  void theSameCommand_afterOthers_isFound() {
    applyThree("r1");
    apply("r2", new Progress(4, 1), 5, "c");

    assertThat(findings.check()).isEqualTo(Checks.SAME_LOG);
  }
}
