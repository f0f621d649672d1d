package org.raftactors.examples.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.raftactors.examples.process.NodeProcess;
import org.raftactors.testkit.linearizability.Operation;
import org.raftactors.testkit.linearizability.RegisterInput;
import org.raftactors.testkit.linearizability.RegisterOutput;

/** A good run passes; each thing that may not be is found in it. */
class JudgeTest {

  private static final int WRITES = 60;
  private static final long MILLI = 1_000_000;

  private final List<Operation<RegisterInput, RegisterOutput>> history = new ArrayList<>();
  private final List<Sample> samples = new ArrayList<>();
  private final List<Placed> placed = new ArrayList<>();
  private final List<Strike> strikes = new ArrayList<>();
  private final List<String> ended = new ArrayList<>();
  private final List<LeaderWatch.Claim> claims = new ArrayList<>();
  private long commands = WRITES;
  private final Findings findings = new Findings();

  JudgeTest() {
    for (int i = 0; i < WRITES; i++) {
      RegisterInput put = new RegisterInput.Put("k", "v" + i);
      history.add(new Operation<>(1, i * 10L, i * 10L + 5, put, new RegisterOutput.Written()));
      samples.add(new Sample(0, "put", i * MILLI, (i + 1L) * MILLI, Sample.Outcome.SUCCEEDED));
      placed.add(
          new Placed(
              put,
              new RegisterOutput.Written(),
              false,
              new Placed.Place(1, 1, i + 1, 0),
              i * 10L,
              i * 10L + 5));
    }
    strikes.add(strike(Fault.Kind.KILL, 0, 1_000 * MILLI, 2_000 * MILLI, true));
    claims.add(new LeaderWatch.Claim(1, 0, 1, 1));
    claims.add(new LeaderWatch.Claim(2, 1, 1, 2));
    claims.add(new LeaderWatch.Claim(3, 1, 1, 2));
  }

  private static Strike strike(Fault.Kind kind, int node, long began, long ended, boolean took) {
    Fault fault = new Fault(1, kind, 1, 1, List.of(node), List.of(), Link.Mode.PASS, 0);
    return new Strike(fault, began, ended, new Strike.Effect(took, "struck"));
  }

  private Findings.Verdict judge() {
    ChaosOptions options =
        ChaosOptions.parse(ChaosOptions.NONE, "--seconds", "10", "--faults", "kill");
    Judge.judge(
        new Recording(options, history, samples, placed, strikes, ended, claims, commands),
        findings);
    return findings.verdict();
  }

  private void assertViolation(String part) {
    assertThat(judge()).isEqualTo(Findings.Verdict.VIOLATED);
    assertThat(findings.violations()).hasSize(1).allMatch(text -> text.contains(part));
  }

  @Test
  void when_allIsWell_then_itPasses() {
    assertThat(judge()).isEqualTo(Findings.Verdict.PASSED);
  }

  @Test
  void when_aReadIsStale_then_itIsFound() {
    history.add(
        new Operation<>(
            2, 9_000, 9_001, new RegisterInput.Get("k"), new RegisterOutput.Value("v3")));
    assertViolation("not linearizable: k");
  }

  @Test
  void when_thePlacesInTheLogAreOutOfOrder_then_itIsFound() {
    placed.add(placed.remove(3));
    assertThat(judge()).isEqualTo(Findings.Verdict.PASSED); // the order of the list is no matter
    placed.add(placed.get(3));
    assertViolation("two writes were acknowledged at one place");
  }

  @Test
  void when_moreOrLessWasAppliedThanSent_then_itIsFound() {
    commands = WRITES - 1;
    assertViolation("commands were applied");
  }

  @Test
  void when_anUnknownWriteWasAppliedOrNot_then_bothAreFine() {
    history.add(Operation.unknown(1, 9_000, new RegisterInput.Delete("k")));
    assertThat(judge()).isEqualTo(Findings.Verdict.PASSED);
    commands = WRITES + 1;
    assertThat(judge()).isEqualTo(Findings.Verdict.PASSED);
    commands = WRITES + 2;
    assertViolation("commands were applied");
  }

  @Test
  void when_somebodySawAnUnknownWrite_then_itMustHaveBeenApplied() {
    history.add(Operation.unknown(1, 9_000, new RegisterInput.Put("k", "seen")));
    assertThat(judge()).isEqualTo(Findings.Verdict.PASSED);
    placed.add(
        new Placed(
            new RegisterInput.Get("k"),
            new RegisterOutput.Value("seen"),
            false,
            new Placed.Place(1, 1, WRITES + 1, WRITES + 1),
            9_000,
            9_001));
    assertViolation("commands were applied");
  }

  @Test
  void when_twoNodesLeadInOneTerm_then_itIsFound() {
    claims.add(new LeaderWatch.Claim(4, 2, 1, 1));
    assertViolation("n1 and n3 both led partition 1 in term 1");
  }

  @Test
  void when_anAnswerIsLate_then_itIsFound_unlessItsNodeStoodStill() {
    long allowed = NodeProcess.REQUEST_TIMEOUT.toNanos() + Judge.GRACE_NANOS;
    samples.add(new Sample(2, "put", 0, allowed + 5, Sample.Outcome.SUCCEEDED));
    strikes.add(strike(Fault.Kind.PAUSE, 2, 1, 100, true));
    assertThat(judge()).isEqualTo(Findings.Verdict.PASSED);
    samples.add(new Sample(1, "put", 0, allowed + 5, Sample.Outcome.SUCCEEDED));
    assertViolation("1 requests were not answered in time");
  }

  @Test
  void when_aNodeEndsByItself_then_onlyOneThatAsksForARestartIsFine() {
    ended.add("n1 ended by itself with 75 at 3.0 s");
    assertThat(judge()).isEqualTo(Findings.Verdict.PASSED);
    ended.add("n1 ended by itself with 78 at 4.0 s");
    assertViolation("with 78");
  }

  @Test
  void when_replicasDiffer_then_itIsFound() {
    findings.replicas(1, Set.of(TextNode.valueOf("a")));
    assertThat(judge()).isEqualTo(Findings.Verdict.PASSED);
    findings.replicas(2, Set.of(TextNode.valueOf("a"), TextNode.valueOf("b")));
    assertViolation("the replicas of partition 2 differ");
  }

  @Test
  void when_tooLittleSucceeded_then_nobodyKnows() {
    samples.subList(0, 20).clear();
    assertThat(judge()).isEqualTo(Findings.Verdict.INCONCLUSIVE);
  }

  @Test
  void when_noFaultTookEffect_then_nobodyKnows() {
    strikes.clear();
    strikes.add(strike(Fault.Kind.KILL, 0, 1, 2, false));
    assertThat(judge()).isEqualTo(Findings.Verdict.INCONCLUSIVE);
  }
}
