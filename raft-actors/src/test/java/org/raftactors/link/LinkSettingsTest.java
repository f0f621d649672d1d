package org.raftactors.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinkSettingsTest {

  private static final String ARTERY =
      """
      pekko.remote.artery {
        transport = tcp
        bind.hostname = ""
        advanced { test-mode = off, tcp.outbound-client-hostname = "" }
      }
      """;

  private static LinkSettings settings(String changes) {
    Config config =
        ConfigFactory.parseString(changes)
            .withFallback(ConfigFactory.parseString(ARTERY))
            .withFallback(ConfigFactory.parseResources("reference.conf"));
    return LinkSettings.of(config.resolve(), "canonical");
  }

  @Test
  void defaults_listenWhereRemotingDoes() {
    LinkSettings defaults = settings("");
    assertThat(defaults.enabled()).isTrue();
    assertThat(defaults.port()).isZero();
    assertThat(defaults.bindHost()).isEqualTo("canonical");
    assertThat(settings("pekko.remote.artery.bind.hostname = inside").bindHost())
        .isEqualTo("inside");
    assertThat(settings("pekko.remote.artery.bind.hostname = \"<getHostAddress>\"").bindHost())
        .isEqualTo("canonical");
  }

  @Test
  void auto_isOff_whereRemotingIsEncrypted_orCutOffByATest() {
    assertThat(settings("pekko.remote.artery.transport = tls-tcp").enabled()).isFalse();
    assertThat(settings("pekko.remote.artery.advanced.test-mode = on").enabled()).isFalse();
    assertThat(settings("raft-actors.replication-link.enabled = off").enabled()).isFalse();
    assertThat(
            settings(
                    "pekko.remote.artery.transport = tls-tcp, raft-actors.replication-link.enabled"
                        + " = on")
                .enabled())
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "enabled, perhaps, must be auto",
    "port, -1, must be 0",
    "port, 65536, must be 0",
    "max-pending-bytes, 1 KiB, at least 1 MiB",
    "timeout, 99 ms, from 100 ms",
    "timeout, 61 s, from 100 ms"
  })
  void wrongValues_areRefused_namingKeyAndRule(String key, String value, String rule) {
    assertThatThrownBy(() -> settings("raft-actors.replication-link." + key + " = " + value))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("raft-actors.replication-link." + key)
        .hasMessageContaining(rule);
  }
}
