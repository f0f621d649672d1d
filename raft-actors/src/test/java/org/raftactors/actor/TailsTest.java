package org.raftactors.actor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How the memory for tails is divided. */
class TailsTest {

  private @Nullable ActorTestKit kit;

  private Tails tails(String memory) {
    ActorTestKit made =
        ActorTestKit.create(
            ConfigFactory.parseString("raft-actors.tails.memory = " + memory)
                .withFallback(ConfigFactory.load()));
    kit = made;
    return Tails.get(made.system());
  }

  @AfterEach
  void stop() {
    if (kit != null) {
      kit.shutdownTestKit();
    }
  }

  @Test
  void replicas_haveEqualShares_asTheyComeAndGo() {
    Tails tails = tails("1 MiB");

    tails.join();
    assertThat(tails.share()).isEqualTo(1 << 20);
    tails.join();
    tails.join();
    tails.join();
    assertThat(tails.share()).isEqualTo(256 << 10);
    tails.leave();
    tails.leave();
    assertThat(tails.share()).isEqualTo(512 << 10);
  }

  @Test
  void share_isNeverTooSmallToBeOfUse() {
    Tails tails = tails("100 KiB");

    for (int i = 0; i < 1_000; i++) {
      tails.join();
    }

    assertThat(tails.share()).isEqualTo(64 << 10);
  }

  @Test
  void auto_isAPartOfTheHeap() {
    assertThat(tails("auto").share()).isEqualTo(Runtime.getRuntime().maxMemory() / 8);
  }

  @Test
  void tooLittle_isRefused_namingTheKey() {
    assertThatThrownBy(() -> tails("1 KiB"))
        .isInstanceOf(ConfigException.BadValue.class)
        .hasMessageContaining("raft-actors.tails.memory")
        .hasMessageContaining("at least 64 KiB");
  }
}
