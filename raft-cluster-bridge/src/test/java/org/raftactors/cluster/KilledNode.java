package org.raftactors.cluster;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.query.PersistenceQuery;
import org.apache.pekko.persistence.query.javadsl.CurrentEventsByPersistenceIdQuery;
import org.apache.pekko.persistence.query.javadsl.CurrentPersistenceIdsQuery;
import org.apache.pekko.stream.javadsl.Sink;
import org.raftactors.PartitionId;
import org.raftactors.PartitionStatus;
import org.raftactors.SnapshotReader;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.persistence.rocksdb.RocksDbStores;

/**
 * The program of a node that ends at a {@link KillPoint}. It starts cut off from all others, so
 * what it has then comes from its disk, says what that is, and obeys lines on stdin: {@code join},
 * {@code arm POINT}, {@code summary}. Its answers on stdout begin with {@link #MARK}.
 */
final class KilledNode {

  static final String MARK = "> ";
  private static final PrintStream ANSWERS =
      new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
  private static final PartitionId FIRST = new PartitionId(1);

  /** Snapshots come soon, little of the log stays, and little is on its way to another node. */
  static final String SETTINGS =
      """
      raft-actors.node.partitions = 1
      raft-actors.partition {
        snapshot-after-entries = 30
        snapshot-growth = 0
        snapshots-kept = 2
        log-kept-entries = 1
        log-kept-bytes = 1 KiB
        log-kept-for-followers-bytes = 1 KiB
        snapshot-chunk-bytes = 4 KiB
        snapshot-window-bytes = 8 KiB
        compare-state-every = 50
        max-entry-bytes = 1 KiB
        max-append-bytes = 4 KiB
        max-inflight-bytes = 8 KiB
      }
      """;

  private static final String KILLING =
      """
      raft-actors.partition.snapshot-store = "org.raftactors.snapshot.KillingSnapshots"
      raft-actors.node.journal.class = "org.raftactors.cluster.KillingPlugins$Journal"
      raft-actors.node.snapshot.class = "org.raftactors.cluster.KillingPlugins$Snapshots"
      """;

  private final ActorSystem<Void> system;
  private final RaftNode node;
  private final AtomicReference<Chronicle> machine;

  private KilledNode(ActorSystem<Void> system, RaftNode node, AtomicReference<Chronicle> machine) {
    this.system = system;
    this.node = node;
    this.machine = machine;
  }

  private static final class Killable extends Chronicle {
    @Override
    public synchronized void restore(SnapshotReader in) throws IOException {
      super.restore(in);
      KillingPlugins.restored();
    }
  }

  /** Runs until it is killed, or stdin ends. Arguments: id, directory, roster. */
  public static void main(String[] arguments) throws Exception {
    List<String> roster = List.of(arguments[2].split(","));
    ActorSystem<Void> system =
        ActorSystem.create(
            Behaviors.empty(),
            "node-test",
            NodeConfigs.of(
                arguments[0], roster, Path.of(arguments[1]), SETTINGS, KILLING, Cut.ENABLED));
    Cut cut = Cut.off(system, roster);
    boolean first = arguments.length > 3;
    if (first) {
      cut.heal(); // a cluster begins with all of its nodes
    }
    RaftNode node = RaftNode.get(system);
    AtomicReference<Chronicle> machine = new AtomicReference<>();
    node.start(
            RaftApplication.of(
                Register.APPLICATION.codecs(),
                partition -> {
                  Chronicle made = new Killable();
                  machine.set(made); // the last one that is made is the one that is used
                  return made;
                }))
        .toCompletableFuture()
        .get();
    KilledNode killed = new KilledNode(system, node, machine);
    if (!first) {
      killed.sayWhatIsThere();
    }
    killed.obey(cut);
    Runtime.getRuntime().halt(0);
  }

  /** Once all is applied that was known to be committed. */
  private void sayWhatIsThere() throws Exception {
    PartitionStatus status = status();
    while (status.state() != PartitionStatus.State.RUNNING
        || status.appliedIndex() < status.commitIndex()
        || status.snapshots().installing()) {
      TimeUnit.MILLISECONDS.sleep(20); // this is a program, and nobody else can tell it
      status = status();
    }
    say("restored " + status.lastIndex() + " " + summary());
  }

  private PartitionStatus status() throws Exception {
    return node.partitions().toCompletableFuture().get().get(0);
  }

  /** Not asked as a client would: it answers nobody before it has heard a leader. */
  private String summary() {
    Chronicle made = machine.get();
    return made == null ? "none" : made.summary();
  }

  private void obey(Cut cut) throws Exception {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.equals("join")) {
          cut.heal();
        } else if (line.equals("summary")) {
          say("summary " + summary());
        } else {
          KillPoint point = KillPoint.valueOf(line.substring("arm ".length()));
          KillPoint.arm(point);
          if (point == KillPoint.EVENTS_ARE_DELETED) {
            watchDeletion();
          }
          say("armed");
        }
      }
    }
  }

  private static void say(String text) {
    ANSWERS.println(MARK + text);
  }

  /** Nothing of the node can tell: so looks for the first event, again and again. */
  private void watchDeletion() {
    CurrentEventsByPersistenceIdQuery journal =
        PersistenceQuery.get(system)
            .getReadJournalFor(
                CurrentEventsByPersistenceIdQuery.class, RocksDbStores.READ_JOURNAL_PLUGIN_ID);
    String id = persistenceId();
    long before = firstEvent(journal, id);
    Thread watcher =
        new Thread(
            () -> {
              while (firstEvent(journal, id) == before) {
                Thread.onSpinWait();
              }
              KillPoint.EVENTS_ARE_DELETED.reached();
            });
    watcher.setDaemon(true);
    watcher.start();
  }

  private String persistenceId() {
    return PersistenceQuery.get(system)
        .getReadJournalFor(CurrentPersistenceIdsQuery.class, RocksDbStores.READ_JOURNAL_PLUGIN_ID)
        .currentPersistenceIds()
        .filter(id -> id.endsWith("|" + FIRST.value() + "|" + replica()))
        .runWith(Sink.head(), system)
        .toCompletableFuture()
        .join();
  }

  private String replica() {
    ReplicaId replica = node.partitions().toCompletableFuture().join().get(0).replica();
    return Long.toString(replica.value());
  }

  private long firstEvent(CurrentEventsByPersistenceIdQuery journal, String id) {
    return journal
        .currentEventsByPersistenceId(id, 0, Long.MAX_VALUE)
        .take(1)
        .map(event -> event.sequenceNr())
        .runWith(Sink.headOption(), system)
        .toCompletableFuture()
        .join()
        .orElse(0L);
  }
}
