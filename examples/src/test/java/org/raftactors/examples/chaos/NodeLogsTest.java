package org.raftactors.examples.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NodeLogsTest {

  private static final int ALL = Integer.MAX_VALUE;
  private static final String CRASH =
      "WARN o.r.actor.PartitionParent - partition=p1 replica=r2 crashed and will be started again"
          + " in 200 ms";

  @Test
  void alarms_replicaThatFailed_isOne() {
    String failed =
        "ERROR o.r.actor.PartitionParent - partition=p1 replica=r2 has FAILED and stays stopped,"
            + " its files are kept: why";
    assertThat(NodeLogs.alarms("n1", List.of("started", failed), ALL))
        .singleElement()
        .asString()
        .contains("n1", "p1", "why");
  }

  @Test
  void alarms_crashOfAnUnknownCause_isOne() {
    assertThat(
            NodeLogs.alarms(
                "n1", List.of(CRASH, "java.lang.NullPointerException: here", "at"), ALL))
        .singleElement()
        .asString()
        .contains("NullPointerException");
    assertThat(NodeLogs.alarms("n1", List.of(CRASH), ALL)).hasSize(1);
  }

  @Test
  void alarms_crashByTheDisk_isNone() {
    assertThat(
            NodeLogs.alarms(
                "n1", List.of("started", CRASH, "org.raftactors.actor.StorageStalled: 12 s"), ALL))
        .isEmpty();
  }

  @Test
  void alarms_failureByDamage_isNone_onceFilesWereDamaged() {
    String failed =
        "ERROR o.r.actor.PartitionParent - partition=p1 replica=r2 has FAILED and stays stopped,"
            + " its files are kept: the journal is damaged, or of a version";
    assertThat(NodeLogs.alarms("n1", List.of("started", failed), 1)).isEmpty();
    assertThat(NodeLogs.alarms("n1", List.of("started", failed), 2)).hasSize(1);
    String diverged =
        failed.replace("the journal is damaged", "its state is not that of the others");
    assertThat(NodeLogs.alarms("n1", List.of("started", diverged), 1)).hasSize(1);
  }

  @Test
  void refusal_isTheLastWord_ifItIsAboutTheStore() {
    String refusal = "kv-node: The RocksDB store at /data is damaged (Corruption: checksum)";
    assertThat(NodeLogs.refusal(List.of("kv-node: stopping failed", "x", refusal, "y")))
        .contains(refusal);
    assertThat(NodeLogs.refusal(List.of(refusal, "kv-node: cannot bind"))).isEmpty();
    assertThat(NodeLogs.refusal(List.of("x"))).isEmpty();
  }
}
