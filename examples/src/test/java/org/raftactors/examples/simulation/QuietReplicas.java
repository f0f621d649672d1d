package org.raftactors.examples.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/** Simulated replicas crash by the thousand, and would log each time. */
final class QuietReplicas implements BeforeAllCallback, AfterAllCallback {

  private static final List<String> LOGGERS =
      List.of(
          "org.raftactors.actor", "org.raftactors.snapshot", "org.apache.pekko.persistence.typed");

  @Override
  public void beforeAll(ExtensionContext context) {
    setLevels(Level.OFF);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    setLevels(null);
  }

  private static void setLevels(@Nullable Level level) {
    for (String name : LOGGERS) {
      ((Logger) LoggerFactory.getLogger(name)).setLevel(level);
    }
  }
}
