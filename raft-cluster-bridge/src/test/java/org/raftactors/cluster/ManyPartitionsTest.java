package org.raftactors.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.raftactors.cluster.TestCluster.LONG;
import static org.raftactors.cluster.TestCluster.done;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raftactors.ApplyContext;
import org.raftactors.PartitionId;
import org.raftactors.PartitionStatus;
import org.raftactors.ProposalResult;
import org.raftactors.ReadLevel;
import org.raftactors.SnapshotReader;
import org.raftactors.SnapshotView;
import org.raftactors.StateMachine;
import org.slf4j.LoggerFactory;

/** A node with a hundred partitions comes back: all of them, a few at a time, and it says so. */
class ManyPartitionsTest {

  private static final int PARTITIONS = 100;
  private static final int AT_ONCE = 3;
  private static final int ROUNDS = 20;

  /** Some start from a snapshot, some from the whole log, and all have something to apply. */
  private static final String SETTINGS =
      """
      raft-actors.node.partitions = %d
      raft-actors.starts { max-concurrent = %d, report-every = 50ms }
      raft-actors.partition { snapshot-after-entries = 15, snapshot-growth = 0 }
      """
          .formatted(PARTITIONS, AT_ONCE);

  private static final Logger STARTS =
      (Logger) LoggerFactory.getLogger("org.raftactors.actor.Starts");

  @TempDir Path directory;

  private final Queue<String> lines = new ConcurrentLinkedQueue<>();
  private final AppenderBase<ILoggingEvent> log =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          lines.add(event.getFormattedMessage());
        }
      };
  private TestCluster cluster;

  @BeforeEach
  void create() {
    cluster = new TestCluster(directory, "n1");
    STARTS.setLevel(Level.INFO);
    STARTS.addAppender(log);
    log.start();
  }

  @AfterEach
  void close() {
    cluster.close();
    STARTS.detachAppender(log);
    STARTS.setLevel(null);
  }

  @Test
  void when_aNodeRestarts_then_aFewPartitionsStartAtATime_andAllComeBack() {
    cluster.up("n1", SETTINGS);
    cluster.awaitReady();
    List<List<String>> rounds = rounds(cluster.get("n1").node());
    rounds.forEach(this::write);
    Map<PartitionId, Long> ends = new ConcurrentHashMap<>();
    for (PartitionStatus status : done(cluster.get("n1").node().partitions())) {
      assertThat(status.appliedIndex()).isGreaterThan(5);
      ends.put(status.partition(), status.appliedIndex());
    }
    cluster.down("n1");
    lines.clear();

    Crowd crowd = new Crowd(ends);
    cluster.up("n1", RaftApplication.of(Register.APPLICATION.codecs(), crowd::create), SETTINGS);
    await().atMost(LONG).until(() -> crowd.present.get() == AT_ONCE);
    assertThat(cluster.get("n1").node().starts().underWay()).isEqualTo(AT_ONCE);
    awaitLine("starting: 0 of 100 partitions done, 3 under way; ");
    done(cluster.get("n1").started());
    assertThat(done(cluster.get("n1").node().health()).problems())
        .anyMatch(text -> text.startsWith("starting: 0 of 100 partitions done"))
        .anyMatch(text -> text.contains("is RESTORING: waits until others have started"))
        .hasSize(1 + PARTITIONS);
    crowd.gate.countDown();

    cluster.awaitReady();
    assertThat(crowd.most.get()).isEqualTo(AT_ONCE);
    awaitLine("started 100 partitions in ");
    assertThat(cluster.get("n1").node().starts().isOver()).isTrue();
    for (List<String> round : rounds) {
      for (String key : round) {
        assertThat(cluster.read("n1", key, ReadLevel.LINEARIZABLE)).isEqualTo("text of " + key);
      }
    }
  }

  /** So many keys of each partition, one of each in a round. */
  private static List<List<String>> rounds(RaftNode node) {
    List<List<String>> rounds = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      rounds.add(new ArrayList<>());
    }
    Map<PartitionId, Integer> counts = new HashMap<>();
    for (int i = 0; rounds.get(ROUNDS - 1).size() < PARTITIONS; i++) {
      int round = counts.merge(node.partitionFor("key" + i), 1, Integer::sum) - 1;
      if (round < ROUNDS) {
        rounds.get(round).add("key" + i);
      }
    }
    return rounds;
  }

  /** One after the other in each partition: each event then says that all before is committed. */
  private void write(List<String> round) {
    List<CompletionStage<ProposalResult<String>>> written = new ArrayList<>();
    for (String key : round) {
      written.add(cluster.get("n1").client().propose(key, key + "=text of " + key));
    }
    written.forEach(each -> assertThat(done(each)).isInstanceOf(ProposalResult.Committed.class));
  }

  private void awaitLine(String beginning) {
    await()
        .atMost(LONG)
        .untilAsserted(() -> assertThat(lines).anyMatch(line -> line.startsWith(beginning)));
  }

  /** Counts the state machines that were made and have not applied what their log holds. */
  private static final class Crowd {
    private final Map<PartitionId, Long> ends;
    private final AtomicInteger present = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final CountDownLatch gate = new CountDownLatch(1);

    private Crowd(Map<PartitionId, Long> ends) {
      this.ends = ends;
    }

    /** Called once or twice for each start: a second time if there is a snapshot. */
    private StateMachine<String, String, String> create(PartitionId partition) {
      return new Counted(partition);
    }

    private final class Counted implements StateMachine<String, String, String> {
      private final Register register = new Register();
      private final long end;
      private boolean counted;

      private Counted(PartitionId partition) {
        // Whether the very last entry is committed is known only when there is a leader.
        this.end = ends.getOrDefault(partition, 0L) - 1;
      }

      /** Asked of the first machine of a start only. */
      @Override
      public long durableIndex() {
        count();
        return 0;
      }

      private void count() {
        most.accumulateAndGet(present.incrementAndGet(), Math::max);
        counted = true;
        try {
          gate.await();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }

      @Override
      public String apply(ApplyContext context, String command) {
        return register.apply(context, command);
      }

      @Override
      public void endBatch(long index) {
        if (index >= end && counted) {
          counted = false;
          present.decrementAndGet();
        }
      }

      @Override
      public String query(String query) {
        return register.query(query);
      }

      @Override
      public SnapshotView snapshot() {
        return register.snapshot();
      }

      @Override
      public void restore(SnapshotReader in) throws IOException {
        register.restore(in);
        // It takes the place of the one that was asked, which is dropped.
        counted = in.index() < end;
        if (!counted) {
          present.decrementAndGet();
        }
      }
    }
  }
}
