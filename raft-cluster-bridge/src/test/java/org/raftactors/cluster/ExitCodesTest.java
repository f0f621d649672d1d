package org.raftactors.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigUtil;
import java.util.Set;
import java.util.TreeMap;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How the process ends for which reason, as {@link RaftNode} tells it. */
class ExitCodesTest {

  private static final String OVERRIDES = "pekko.coordinated-shutdown.reason-overrides";

  @Test
  @DisplayName("S-19: a process ends by coordinated shutdown, with a code that says why")
  void when_aReasonEndsTheProcess_then_itsExitCodeSaysWhatToDo() throws Exception {
    Config all = RaftNode.defaults().withFallback(ConfigFactory.load()).getConfig(OVERRIDES);
    Set<String> reasons = RaftNode.defaults().getConfig(OVERRIDES).root().keySet();
    TreeMap<String, Integer> codes = new TreeMap<>();
    for (String reason : reasons) {
      assertThat(CoordinatedShutdown.Reason.class).isAssignableFrom(Class.forName(reason));
      Config how = all.getConfig(ConfigUtil.quoteString(reason));
      assertThat(how.getBoolean("exit-jvm")).as(reason).isTrue();
      codes.put(
          reason.substring(reason.lastIndexOf('$', reason.length() - 2) + 1),
          how.getInt("exit-code"));
    }
    assertThat(codes)
        .hasSize(5)
        .containsEntry("Refused", 78)
        .containsEntry("IncompatibleConfigurationDetectedReason$", 78)
        .containsEntry("OtherCluster", 75)
        .containsEntry("ClusterDowningReason$", 75)
        .containsEntry("ClusterJoinUnsuccessfulReason$", 75);
  }

  /** Pekko's own reference.conf has other codes; which of two such files wins, chance decides. */
  @Test
  void when_theReasonIsPekkos_then_itsCodeIsInTheFileThatApplicationsInclude() {
    Config own = RaftNode.defaults().getConfig(OVERRIDES);
    assertThat(own.root().keySet())
        .filteredOn(reason -> reason.startsWith("org.apache.pekko."))
        .hasSize(3)
        .allSatisfy(
            reason ->
                assertThat(own.hasPath(ConfigUtil.joinPath(reason, "exit-code")))
                    .as(reason)
                    .isTrue());
  }
}
