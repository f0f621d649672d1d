package org.raftactors.examples.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raftactors.PartitionId;
import org.raftactors.ReadResult;
import org.raftactors.examples.process.FreePorts;

/** The embedding of README.md, with its configuration, on a port and in a directory of its own. */
class TicketOfficeTest {

  @TempDir private Path directory = Path.of("");

  @Test
  void numbersGoOn_alsoAfterARestart() throws Exception {
    Config config = configuration();
    TicketOffice office = new TicketOffice(config);
    assertThat(get(office.take("meat"))).isEqualTo("your number is 1");
    assertThat(get(office.take("meat"))).isEqualTo("your number is 2");
    assertThat(get(office.take("cheese"))).isEqualTo("your number is 1");
    get(office.stop());

    TicketOffice again = new TicketOffice(config);
    assertThat(get(again.last("meat")))
        .isInstanceOfSatisfying(
            ReadResult.Answered.class, answer -> assertThat(answer.result()).isEqualTo(2L));
    assertThat(get(again.take("meat"))).isEqualTo("your number is 3");

    get(again.last("cheese")); // from here on its partition knows what is committed
    List<String> desks = new ArrayList<>();
    for (int partition = 1; partition <= 4; partition++) {
      long next = get(again.audit(new PartitionId(partition), 1, take -> desks.add(take.desk())));
      assertThat(get(again.audit(new PartitionId(partition), next, take -> desks.clear())))
          .isEqualTo(next);
    }
    assertThat(desks).containsExactlyInAnyOrder("meat", "meat", "cheese", "meat");
    get(again.stop());
  }

  private Config configuration() {
    int port = FreePorts.find(1).get(0);
    return ConfigFactory.parseString(
            """
            pekko.remote.artery.canonical.port = %d
            raft-actors.node.initial-nodes = ["n1@127.0.0.1:%d"]
            raft-actors.persistence.rocksdb.store.directory = "%s"
            """
                .formatted(port, port, directory))
        .withFallback(ConfigFactory.parseResources("tickets.conf"))
        .withFallback(ConfigFactory.defaultReference())
        .resolve();
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
  }
}
