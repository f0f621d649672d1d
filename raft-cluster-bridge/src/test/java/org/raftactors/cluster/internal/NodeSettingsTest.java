package org.raftactors.cluster.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.raftactors.cluster.NodeId;
import org.raftactors.core.membership.ReplicaId;

class NodeSettingsTest {

  private static NodeSettings read(String text) {
    Config config =
        ConfigFactory.parseString("raft-actors.node { " + text + " }")
            .withFallback(
                ConfigFactory.parseString(
                    """
                    raft-actors.node {
                      node-id = n2
                      initial-nodes = ["n3@c:3", "n1@a:1", "n2@[::1]:2"]
                    }
                    """))
            .withFallback(ConfigFactory.load());
    return NodeSettings.read(config);
  }

  @Test
  void theDefaults_areThoseOfReferenceConf() {
    NodeSettings settings = read("");
    assertThat(settings.partitions()).isEqualTo(8);
    assertThat(settings.helloInterval()).isEqualTo(Duration.ofMillis(500));
    assertThat(settings.formCluster()).isTrue();
    assertThat(settings.client().deadline()).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void replicaIds_areThePlacesInTheSortedList() {
    NodeSettings settings = read("");
    assertThat(settings.roster().ids()).isEqualTo(List.of("n1", "n2", "n3"));
    assertThat(settings.selfReplica()).isEqualTo(new ReplicaId(2));
    assertThat(settings.selfNode()).isEqualTo(new RosterNode(new NodeId("n2"), "[::1]", 2));
    assertThat(settings.roster().nodeOf(new ReplicaId(3)).orElseThrow().host()).isEqualTo("c");
    assertThat(settings.roster().nodeOf(new ReplicaId(4))).isEmpty();
    assertThat(settings.roster().replicaOf(new NodeId("n9"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "node-id = \"\"                        | raft-actors.node.node-id | 1 to 64 letters",
        "node-id = \"a b\"                     | 'a b' | letters, digits",
        "node-id = n9                          | n9 | must be one of"
            + " raft-actors.node.initial-nodes",
        "initial-nodes = []                    | initial-nodes = [] | all initial nodes",
        "initial-nodes = [\"n1\"]              | 'n1' | node-id@host:port",
        "initial-nodes = [\"n1@h:x\"]          | 'n1@h:x' | port must be a number",
        "initial-nodes = [\"n1@h:0\"]          | 'n1@h:0' | from 1 to 65535",
        "initial-nodes = [\"n1@h:1\",\"n1@h:2\"] | 'n1@h:2' | must not occur twice",
        "initial-nodes = [\"n1@h:1\",\"n2@h:1\"] | 'n2@h:1' | address must not occur twice",
        "initial-nodes = 5                     | initial-nodes = 5 | a list of texts",
        "partitions = 0                        | partitions = 0 | a number from 1 to 100000",
        "partitions = many                     | partitions = many | a number from 1 to 100000",
        "hello-interval = 1ms                  | hello-interval = 1ms | from 10 ms",
        "form-cluster = maybe                  | form-cluster = maybe | on or off",
        "partition-count = 3                   | partition-count | is no setting",
        "client.max-in-flight = 0              | client.max-in-flight = 0 | from 1 to",
        "client.retries = 3                    | client.retries | is no setting",
        "client.back-off-max = 1ms             | back-off-max = 1 ms | back-off-min = 10 ms",
        "client.deadline = 0s                  | client.deadline = 0s | from 1 ms",
        "client.deadline = null                | client.deadline = (missing) | a duration"
      })
  void aWrongValue_isRefusedNamingKeyValueAndRule(String text, String named, String rule) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(named)
        .hasMessageContaining(rule);
  }
}
