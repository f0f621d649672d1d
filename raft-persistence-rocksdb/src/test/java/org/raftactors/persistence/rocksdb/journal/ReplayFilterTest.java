package org.raftactors.persistence.rocksdb.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Pekko's default filter drops events of an earlier writer from a recovery, with a warning only. A
 * log that loses acknowledged entries so would be worse than one that cannot be read.
 */
class ReplayFilterTest {

  private static String mode(Config application) {
    return application
        .withFallback(ConfigFactory.defaultReference())
        .resolve()
        .getConfig("raft-actors.persistence.rocksdb.journal")
        .withFallback(
            ConfigFactory.defaultReference().getConfig("pekko.persistence.journal-plugin-fallback"))
        .getString("replay-filter.mode");
  }

  @Test
  @DisplayName("119: no event is dropped in a recovery because of who wrote it")
  void replayFilter_isOffByDefault() {
    assertThat(mode(ConfigFactory.empty())).isEqualTo("off");
    // What an application says of other plugins makes no difference.
    assertThat(
            mode(
                ConfigFactory.parseString(
                    "pekko.persistence.journal-plugin-fallback.replay-filter.mode = warn")))
        .isEqualTo("off");
    assertThat(
            ConfigFactory.defaultReference()
                .getString("pekko.persistence.journal-plugin-fallback.replay-filter.mode"))
        .as("without the plugin's own value")
        .isEqualTo("repair-by-discard-old");
  }
}
