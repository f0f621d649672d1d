package org.raftactors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartitionSettingsTest {

  private static final String PATH = "raft-actors.partition";

  private static final Config VALID =
      ConfigFactory.parseString(PATH + ".read-journal-plugin-id = some-read-journal")
          .withFallback(ConfigFactory.parseResources("reference.conf"));

  private static Set<String> documentedKeys() {
    Set<String> keys = new TreeSet<>();
    ConfigFactory.parseResources("reference.conf")
        .getConfig(PATH)
        .root()
        .keySet()
        .forEach(keys::add);
    return keys;
  }

  private static Config with(String key, Object value) {
    return VALID.withValue(PATH + "." + key, ConfigValueFactory.fromAnyRef(value));
  }

  @Test
  void defaults_areThoseOfReferenceConf() {
    PartitionSettings settings = PartitionSettings.of(VALID);
    assertThat(settings.core().heartbeatInterval()).isEqualTo(Duration.ofMillis(100).toNanos());
    assertThat(settings.core().electionTimeoutMin()).isEqualTo(Duration.ofSeconds(1).toNanos());
    assertThat(settings.core().electionTimeoutMax()).isEqualTo(Duration.ofSeconds(2).toNanos());
    assertThat(settings.core().writeStallTimeout()).isEqualTo(Duration.ofSeconds(10).toNanos());
    assertThat(settings.core().maxAppendBytes()).isEqualTo(192 << 10);
    assertThat(settings.core().maxEntryBytes()).isEqualTo(128 << 10);
    assertThat(settings.readJournalPluginId()).isEqualTo("some-read-journal");
  }

  /** Nothing is read that is not documented: then the defaults would not be enough. */
  @Test
  @DisplayName("S-18: every key that is documented is read")
  void everyDocumentedKey_isRead() {
    assertThat(documentedKeys()).hasSizeGreaterThan(15);
    for (String key : documentedKeys()) {
      assertThatThrownBy(() -> PartitionSettings.of(VALID.withoutPath(PATH + "." + key)))
          .as(key)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(PATH + "." + key + " = (missing)");
    }
  }

  @Test
  void keysThatNothingReads_areRefused() {
    assertThatThrownBy(() -> PartitionSettings.of(with("heartbeat-intervall", "1s")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(PATH + ".heartbeat-intervall is no setting")
        .hasMessageContaining(" heartbeat-interval,");
  }

  @Test
  void valuesOfTheWrongType_areRefusedNamingTheKey() {
    for (String key : documentedKeys()) {
      assertThatThrownBy(() -> PartitionSettings.of(with(key, Set.of("a list"))))
          .as(key)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(PATH + "." + key)
          .hasMessageContaining("a list");
    }
  }

  @ParameterizedTest
  @DisplayName("S-23: bad values are refused")
  @CsvSource({
    "heartbeat-interval, 334ms, at most a third of election-timeout-min",
    "heartbeat-interval, 0ms, greater than zero",
    "election-timeout-min, -1s, greater than zero",
    "election-timeout-max, 1s, greater than election-timeout-min",
    "election-timeout-max, 3000d, at most 365 days",
    "write-stall-timeout, 999ms, at least election-timeout-min",
    "restart-backoff-max, 100ms, at least restart-backoff-min",
    "max-append-bytes, 128 KiB, at least max-entry-bytes and 32 bytes",
    "max-append-bytes, 0, from 1 to",
    "max-write-bytes, 64 KiB, at least max-entry-bytes and 32 bytes",
    "max-apply-batch-bytes, 64 KiB, at least max-entry-bytes and 32 bytes",
    "max-inflight-bytes, 191 KiB, at least max-append-bytes",
    "max-inflight-bytes, 4 GiB, from 1 to",
    "max-inflight-appends, 0, at least 1",
    "max-uncommitted-bytes, 1000 KiB, at least max-write-bytes",
    "max-uncommitted-bytes, 33 MiB, at most tail-bytes and max-apply-backlog-bytes together",
    "max-apply-backlog-bytes, 1 KiB, at least max-apply-batch-bytes",
    "tail-bytes, 1 KiB, at least max-append-bytes",
    "snapshot-every-bytes, 1 KiB, at least max-write-bytes",
    "max-pending-reads, 0, at least 1",
    "max-uncommitted-batches, 0, at least 1",
    "read-journal-plugin-id, ' ', must be set",
  })
  void badValues_areRefusedNamingKeyValueAndRule(String key, String value, String rule) {
    assertThatThrownBy(() -> PartitionSettings.of(with(key, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(PATH + "." + key)
        .hasMessageContaining(value)
        .hasMessageContaining(rule);
  }

  @Test
  @DisplayName("44: the largest append must fit into a frame of the transport")
  void appendsThatDoNotFitIntoArterysFrames_areRefused() {
    String frame = "pekko.remote.artery.advanced.maximum-frame-size";
    Config tight = VALID.withValue(frame, ConfigValueFactory.fromAnyRef("192 KiB"));
    assertThatThrownBy(() -> PartitionSettings.of(tight))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("max-append-bytes")
        .hasMessageContaining(frame);
    PartitionSettings.of(VALID.withValue(frame, ConfigValueFactory.fromAnyRef("256 KiB")));
  }
}
