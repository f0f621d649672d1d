package org.raftactors.examples.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KvLimitsTest {

  private static Config with(String key, String value) {
    return ConfigFactory.load()
        .withValue("kv." + key, ConfigValueFactory.fromAnyRef(value, "a test"));
  }

  @Test
  void defaults_areAccepted() {
    KvLimits limits = KvLimits.from(ConfigFactory.load());
    assertThat(limits.maxValueBytes()).isEqualTo(60 << 10);
    assertThat(limits.requestTimeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(KvLimits.from(with("max-staleness", "0s")).maxStaleness()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "max-key-bytes, 0, not between 1 B and 16 MiB",
    "max-value-bytes, 64 KiB, more than raft-actors.partition.max-entry-bytes = 131072",
    "max-key-byte, 1, is no setting; the settings are body-timeout,",
    "max-staleness, -1s, not between 0 ms",
    "body-timeout, 0s, not between 1 ms",
    "request-timeout, 0s, not between 1 ms",
    "request-timeout, soon, soon",
  })
  void badValues_areRefusedNamingTheKey(String key, String value, String rule) {
    assertThatThrownBy(() -> KvLimits.from(with(key, value)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(key)
        .hasMessageContaining(rule);
  }
}
