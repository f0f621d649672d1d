package org.raftactors.examples.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NodeLogsTest {

  private static final String CRASH =
      "WARN o.r.actor.PartitionParent - partition=p1 replica=r2 crashed and will be started again"
          + " in 200 ms";

  @Test
  void alarms_replicaThatFailed_isOne() {
    String failed =
        "ERROR o.r.actor.PartitionParent - partition=p1 replica=r2 has FAILED and stays stopped,"
            + " its files are kept: why";
    assertThat(NodeLogs.alarms("n1", List.of("started", failed)))
        .singleElement()
        .asString()
        .contains("n1", "p1", "why");
  }

  @Test
  void alarms_crashOfAnUnknownCause_isOne() {
    assertThat(NodeLogs.alarms("n1", List.of(CRASH, "java.lang.NullPointerException: here", "at")))
        .singleElement()
        .asString()
        .contains("NullPointerException");
    assertThat(NodeLogs.alarms("n1", List.of(CRASH))).hasSize(1);
  }

  @Test
  void alarms_crashByTheDisk_isNone() {
    assertThat(
            NodeLogs.alarms(
                "n1", List.of("started", CRASH, "org.raftactors.actor.StorageStalled: 12 s")))
        .isEmpty();
  }
}
