package org.raftactors.examples.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeArgumentsTest {

  private static final List<String> GOOD =
      List.of(
          "--node-id", "n1",
          "--host", "127.0.0.1",
          "--port", "2551",
          "--http-port", "8081",
          "--seeds", "n1@127.0.0.1:2551,n2@127.0.0.1:2552",
          "--data-dir", "/tmp/x",
          "--partitions", "4");

  @Test
  void goodLine_isUnderstood() throws Exception {
    NodeArguments parsed = NodeArguments.parse(GOOD.toArray(String[]::new));
    assertThat(parsed.nodeId()).isEqualTo("n1");
    assertThat(parsed.bind()).isEqualTo("127.0.0.1");
    assertThat(parsed.partitions()).isEqualTo(4);
    assertThat(parsed.seeds())
        .containsExactly(
            new NodeArguments.Seed("n1", "127.0.0.1", 2551),
            new NodeArguments.Seed("n2", "127.0.0.1", 2552));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--node-id | n 1 | --node-id is 'n 1', but a node id consists of",
        "--host | a/b | --host is 'a/b', but must be a host name",
        "--port | 0 | --port is '0', but must be a number from 1 to 65535",
        "--port | 65536 | --port is '65536'",
        "--port | http | --port is 'http'",
        "--http-port | 2551 | --http-port is '2551', but must not be the same as --port",
        "--seeds | n1 | --seeds has 'n1', but each seed is written ID@HOST:PORT",
        "--seeds | n1@127.0.0.1:x | --seeds is 'x'",
        "--seeds | n2@127.0.0.1:2552 | must contain this node, n1@127.0.0.1:2551",
        "--seeds | n1@127.0.0.1:2551,n1@127.0.0.1:2552 | may occur only once",
        "--seeds | n1@127.0.0.1:2551,n2@127.0.0.1:2551 | may occur only once",
        "--data-dir | ' ' | --data-dir is ' ', but must name a directory",
        "--partitions | 1025 | --partitions is '1025', but must be a number from 1 to 1024"
      })
  void badValue_isRefusedNamingArgumentValueAndRule(String name, String value, String message) {
    List<String> line = new ArrayList<>(GOOD);
    line.set(line.indexOf(name) + 1, value);
    refused(line, message);
  }

  @Test
  void badShape_isRefused() {
    refused(with("--colour", "red"), "'--colour' is not an argument");
    refused(with("--bind"), "--bind needs a value");
    refused(with("--port", "2551"), "--port is given twice");
    refused(GOOD.subList(2, GOOD.size()), "--node-id is missing");
  }

  @Test
  void bind_overridesWhatIsBound_andNotWhatIsAdvertised() throws Exception {
    NodeArguments parsed = NodeArguments.parse(with("--bind", "0.0.0.0").toArray(String[]::new));
    Config config = parsed.config();
    assertThat(config.getString("pekko.remote.artery.canonical.hostname")).isEqualTo("127.0.0.1");
    assertThat(config.getString("pekko.remote.artery.bind.hostname")).isEqualTo("0.0.0.0");
  }

  private static List<String> with(String... more) {
    List<String> line = new ArrayList<>(GOOD);
    line.addAll(List.of(more));
    return line;
  }

  private static void refused(List<String> line, String message) {
    assertThatThrownBy(() -> NodeArguments.parse(line.toArray(String[]::new)))
        .isInstanceOf(BadArgumentException.class)
        .hasMessageContaining(message);
  }
}
