package org.raftactors.actor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.raftactors.StartProgress;
import org.slf4j.LoggerFactory;

/** Who may start, in which order, and what is said about it. */
class StartsTest {

  private static final Logger LOGGER = (Logger) LoggerFactory.getLogger(Starts.class);

  private final Queue<Starts.Start> turns = new ConcurrentLinkedQueue<>();
  private final Queue<String> lines = new ConcurrentLinkedQueue<>();
  private final AppenderBase<ILoggingEvent> log =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          lines.add(event.getFormattedMessage());
        }
      };
  private final Deque<ActorTestKit> kits = new ArrayDeque<>();

  private Starts starts(String settings) {
    kits.add(
        ActorTestKit.create(
            ConfigFactory.parseString("raft-actors.starts { " + settings + " }")
                .withFallback(ConfigFactory.load())));
    return Starts.get(system());
  }

  private ActorSystem<?> system() {
    return kits.getLast().system();
  }

  private List<Starts.Start> request(Starts starts, int count) {
    List<Starts.Start> requested = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      requested.add(starts.request(turns::add));
    }
    return requested;
  }

  @BeforeEach
  void listen() {
    log.start();
    LOGGER.setLevel(Level.INFO);
    LOGGER.addAppender(log);
  }

  @AfterEach
  void stop() {
    LOGGER.detachAppender(log);
    LOGGER.setLevel(null);
    kits.forEach(ActorTestKit::shutdownTestKit);
  }

  @Test
  void onlySoManyStartAtOnce_theOthersInTheOrderOfAsking() {
    Starts starts = starts("max-concurrent = 2");
    List<Starts.Start> asked = request(starts, 5);
    assertThat(asked).extracting(Starts.Start::isGranted).startsWith(true, true, false);
    assertThat(turns).isEmpty();

    asked.get(1).end();
    asked.get(1).end(); // a second time does nothing
    assertThat(turns).containsExactly(asked.get(2));
    asked.get(3).end(); // asks no more
    asked.get(0).end();
    assertThat(turns).containsExactly(asked.get(2), asked.get(4));

    StartProgress progress = starts.progress();
    assertThat(progress.done()).isEqualTo(3);
    assertThat(progress.all()).isEqualTo(5);
    assertThat(progress.underWay()).isEqualTo(2);
    assertThat(progress.isOver()).isFalse();
  }

  @Test
  void aStartEnds_whenAllThatWasKnownToBeCommittedIsApplied() {
    Starts starts = starts("max-concurrent = 1");
    List<Starts.Start> asked = request(starts, 3);
    asked.get(0).read(100, 5 << 20);
    asked.get(0).restored(1 << 20);
    asked.get(0).prepared(50, 100);
    asked.get(0).applied(75, 1 << 20);
    assertThat(turns).isEmpty();
    assertThat(starts.progress().left()).isPresent();
    assertThat(starts.progress().text())
        .startsWith(
            "starting: 0 of 3 partitions done, 1 under way; 100 entries (5.0 MiB) read, 25 (1.0"
                + " MiB) applied, 1.0 MiB of snapshots restored; about ");
    asked.get(0).applied(100, 1 << 20);
    assertThat(turns).containsExactly(asked.get(1));
    asked.get(1).prepared(7, 7); // nothing is left to apply
    assertThat(turns).containsExactly(asked.get(1), asked.get(2));
    asked.get(0).applied(200, 1); // life after the start does not count
    assertThat(starts.progress().appliedEntries()).isEqualTo(50);
    assertThat(starts.progress().done()).isEqualTo(2);
  }

  @Test
  void whileTheyStart_itIsSaidAgainAndAgain_andOnceWhenTheyHave() {
    Starts starts = starts("max-concurrent = 1, report-every = 50ms");
    List<Starts.Start> asked = request(starts, 2);
    awaitLine("starting: 0 of 2 partitions done");
    lines.clear();
    awaitLine("starting: 0 of 2 partitions done");
    asked.forEach(Starts.Start::end);
    awaitLine("started 2 partitions in");
    assertThat(starts.progress().isOver()).isTrue();
    request(starts, 1);
    awaitLine("starting: 0 of 1 partitions done");
  }

  private void awaitLine(String beginning) {
    TestPartition.await(() -> lines.stream().anyMatch(line -> line.startsWith(beginning)));
  }

  @Test
  void whoMakesNoProgress_doesNotHoldUpTheOthers() {
    Starts starts = starts("max-concurrent = 1, report-every = 20ms, stuck-after = 100ms");
    List<Starts.Start> asked = request(starts, 2);
    TestPartition.await(() -> turns.contains(asked.get(1)));
    assertThat(starts.progress().underWay()).isEqualTo(2);
    asked.get(0).end();
    assertThat(request(starts, 1).get(0).isGranted()).isFalse(); // its place was given away
    asked.get(1).end();
    assertThat(turns).hasSize(2);
  }

  @Test
  void aBadSetting_isNamed() {
    assertThatThrownBy(() -> starts("max-concurrent = 0"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("raft-actors.starts.max-concurrent");
  }
}
