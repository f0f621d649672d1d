package org.raftactors.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node's peers do not wait for its replicas to be there before they send. Artery may learn the
 * addresses then, as those of nobody: what it learned must not count once the replicas are there.
 */
class EarlyMessagesTest {

  @TempDir Path directory;

  @Test
  void messagesBeforeTheReceiverExists_doNotMakeItUnreachableLater() throws Exception {
    List<String> roster = Ports.roster("n1", "n2");
    ActorSystem<Void> sender = system("n1", roster);
    ActorSystem<Void> receiver = system("n2", roster);
    try {
      ActorRef<String> far =
          ActorRefResolver.get(sender)
              .resolveActorRef("pekko://early@" + roster.get(1).substring(3) + "/system/late");
      AtomicLong early = new AtomicLong();
      await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () -> {
                far.tell("too early");
                return early.incrementAndGet() > 50;
              });
      AtomicLong heard = new AtomicLong();
      receiver.systemActorOf(
          Behaviors.receiveMessage(
              message -> {
                heard.incrementAndGet();
                return Behaviors.same();
              }),
          "late",
          Props.empty());
      for (int round = 0; round < 50; round++) {
        long before = heard.get();
        await()
            .atMost(Duration.ofSeconds(60))
            .pollInterval(Duration.ofMillis(100))
            .until(
                () -> {
                  far.tell("in time");
                  return heard.get() > before;
                });
      }
      assertThat(heard.get()).isPositive();
    } finally {
      sender.terminate();
      receiver.terminate();
      sender.getWhenTerminated().toCompletableFuture().get(60, TimeUnit.SECONDS);
      receiver.getWhenTerminated().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
  }

  private ActorSystem<Void> system(String id, List<String> roster) {
    Config config =
        NodeConfigs.of(
            id,
            roster,
            directory,
            "pekko.remote.artery.advanced.compression.actor-refs.advertisement-interval = 500ms",
            "pekko.remote.artery.advanced.compression.manifests.advertisement-interval = 500ms");
    return ActorSystem.create(Behaviors.empty(), "early", config);
  }
}
