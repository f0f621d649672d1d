package org.raftactors.persistence.rocksdb;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.setup.Setup;

/** Actor systems with a store in a directory, and waiting with a ceiling. */
public final class TestSystems {

  /** Far more than anything here takes; only a hang reaches it. */
  public static final Duration CEILING = Duration.ofSeconds(60);

  private TestSystems() {}

  /** Settings for a store; small enough that a test touches the limits. */
  public static Config config(Path directory, String... more) {
    return ConfigFactory.parseString(String.join("\n", more))
        .withFallback(
            ConfigFactory.parseString(
                """
                pekko.loglevel = "OFF"
                pekko.stdout-loglevel = "OFF"
                pekko.actor.allow-java-serialization = off
                pekko.persistence.journal.plugin = "raft-actors.persistence.rocksdb.journal"
                pekko.persistence.snapshot-store.plugin = "raft-actors.persistence.rocksdb.snapshot"
                raft-actors.persistence.rocksdb.store.directory = "%s"
                raft-actors.persistence.rocksdb.store.block-cache-size = 16 MiB
                raft-actors.persistence.rocksdb.store.write-buffer-budget = 16 MiB
                raft-actors.persistence.rocksdb.store.write-buffer-size = 8 MiB
                """
                    .formatted(directory)))
        .withFallback(ConfigFactory.load());
  }

  /** Starts a system with a store. */
  public static ActorSystem start(Path directory, String... more) {
    return ActorSystem.create("test", config(directory, more));
  }

  /** Starts a system with a store and a setup. */
  public static ActorSystem start(Path directory, Setup setup) {
    return ActorSystem.create(
        "test", ActorSystemSetup.create(BootstrapSetup.create(config(directory)), setup));
  }

  /** Terminates a system; its store is closed when this returns. */
  public static void stop(ActorSystem system) {
    system.terminate();
    await(system.getWhenTerminated());
  }

  /** Waits for a result. */
  public static <T> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(CEILING.toSeconds(), TimeUnit.SECONDS);
    } catch (java.util.concurrent.ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException | java.util.concurrent.TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A fresh directory under the build folder. */
  public static Path temporaryDirectory() {
    try {
      return Files.createTempDirectory(Path.of("target"), "store");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
