package org.raftactors.examples.benchmark;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.raftactors.PartitionId;
import org.raftactors.PartitionStatus;
import org.raftactors.ProposalResult;
import org.raftactors.RaftPartition;
import org.raftactors.TransferLeadership;
import org.raftactors.cluster.RaftApplication;
import org.raftactors.cluster.RaftClient;
import org.raftactors.cluster.RaftNode;
import org.raftactors.core.Role;
import org.raftactors.core.TransferOutcome;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.examples.NodeConfig;
import org.raftactors.persistence.rocksdb.RocksDbStores;

/** One node of the benchmark. */
final class BenchmarkServer {

  /** That of the partitions: a proposal and its answer need no switch of threads. */
  private static final String DISPATCHER = "raft-actors.node.dispatcher";

  private static final Duration ASK = Duration.ofSeconds(10);

  private final Sayings sayings;
  private final ActorSystem<Void> system;
  private final RaftNode node;
  private final RaftClient<Sample, Long, Long> client;
  private final Map<PartitionId, Tally> tallies;
  private final LoadRunner runner;
  private final FirstCommits firstCommits;

  private BenchmarkServer(
      Sayings sayings,
      ActorSystem<Void> system,
      RaftNode node,
      RaftClient<Sample, Long, Long> client,
      Map<PartitionId, Tally> tallies) {
    this.sayings = sayings;
    this.system = system;
    this.node = node;
    this.client = client;
    this.tallies = tallies;
    this.runner = new LoadRunner(system, DispatcherSelector.fromConfig(DISPATCHER), sayings);
    this.firstCommits = new FirstCommits(system, node);
  }

  /**
   * Runs one node.
   *
   * @param arguments node id, seeds, data directory, number of partitions, size of their states,
   *     how operations come
   * @throws Exception if the node cannot start; the launcher sees the end of the output
   */
  public static void main(String[] arguments) throws Exception {
    Sayings sayings = new Sayings();
    List<String> seeds = List.of(arguments[1].split(",", -1));
    String address =
        seeds.stream()
            .filter(seed -> seed.startsWith(arguments[0] + "@"))
            .findFirst()
            .orElseThrow();
    NodeConfig config =
        new NodeConfig(
            arguments[0],
            "127.0.0.1",
            Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)),
            "127.0.0.1",
            seeds,
            Path.of(arguments[2]),
            Integer.parseInt(arguments[3]));
    Config loaded = config.load();
    ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "benchmark", loaded);
    Map<PartitionId, Tally> tallies = new ConcurrentHashMap<>();
    RaftNode node = RaftNode.get(system);
    RaftApplication<Sample, Long, Long> application =
        RaftApplication.of(
            Tally.CODECS,
            partition -> {
              Tally tally = new Tally(Integer.parseInt(arguments[4]));
              tallies.put(partition, tally);
              return tally;
            });
    node.start(application).toCompletableFuture().get(5, TimeUnit.MINUTES);
    RaftClient<Sample, Long, Long> client = node.client(application);
    BenchmarkServer server = new BenchmarkServer(sayings, system, node, client, tallies);
    // Only then: a server over HTTP is memory, and threads.
    boolean overHttp = Mode.valueOf(arguments[5]) == Mode.HTTP;
    int http = overHttp ? HttpFront.bind(system, client) : 0;
    long election = loaded.getDuration("raft-actors.partition.election-timeout-min").toMillis();
    sayings.say("ready " + election + " " + http);
    sayings.obey(server::obey);
  }

  private void obey(List<String> words) throws Exception {
    switch (words.get(0)) {
      case "status" -> status();
      case "figures" -> sayings.say(Figures.of(RocksDbStores.get(system).open().counters()).line());
      case "gather" -> gather(new ReplicaId(Long.parseLong(words.get(1))));
      case "load" -> sayings.inBackground(this::load, words);
      case "client-commit" -> sayings.inBackground(this::clientCommit, words);
      case "try-commits" -> sayings.say(firstCommits.attempt());
      case "stop" -> stop();
      default -> throw Sayings.unknown(words);
    }
  }

  private void status() throws Exception {
    List<PartitionStatus> all = describeAll();
    long applied = 0;
    long sum = 0;
    for (Tally tally : new TreeMap<>(tallies).values()) {
      applied += tally.count();
      sum = sum * 17 + tally.sum();
    }
    sayings.say(
        "status "
            + all.get(0).replica().value()
            + " "
            + all.stream().filter(BenchmarkServer::leads).count()
            + " "
            + applied
            + " "
            + Long.toHexString(sum));
  }

  /** All at once: one after the other would take minutes with a thousand partitions. */
  private void gather(ReplicaId target) throws Exception {
    List<CompletableFuture<TransferOutcome>> transfers = new ArrayList<>();
    for (PartitionStatus status : describeAll()) {
      if (leads(status)) {
        transfers.add(
            AskPattern.<RaftPartition.Command, TransferOutcome>ask(
                    replica(status.partition()),
                    replyTo -> new TransferLeadership(Optional.of(target), replyTo),
                    ASK,
                    system.scheduler())
                .toCompletableFuture());
      }
    }
    for (CompletableFuture<TransferOutcome> transfer : transfers) {
      TransferOutcome outcome = transfer.get(20, TimeUnit.SECONDS);
      if (outcome != TransferOutcome.DONE) {
        system.log().info("Transfer to {}: {}", target, outcome);
      }
    }
    sayings.say("gathered");
  }

  private void load(List<String> words) throws Exception {
    Load load = Load.parse(words);
    List<ActorRef<RaftPartition.Command>> led = new ArrayList<>();
    for (PartitionStatus status : describeAll()) {
      if (leads(status)) {
        led.add(replica(status.partition()));
      }
    }
    runner.run(
        load,
        (generator, reads) ->
            load.mode() == Mode.EMBEDDED
                ? new EmbeddedTarget(led, reads.level(), generator)
                : new ClientTarget(client, reads.level(), generator));
  }

  /** Proposes by a client until something is committed, as a service does on a node that lives. */
  private void clientCommit(List<String> words) throws Exception {
    Sample sample = Sample.over(new byte[Sample.MIN_BYTES]).number(0);
    ProposalResult<Long> outcome = null;
    while (!(outcome instanceof ProposalResult.Committed)) {
      outcome = client.propose("key", sample, ASK).toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
    sayings.say("client-committed " + FirstCommits.epochMicros());
  }

  /** As an operator stops a node: what follows is no start after a crash. */
  private void stop() throws Exception {
    node.stop().toCompletableFuture().get(60, TimeUnit.SECONDS);
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().get(60, TimeUnit.SECONDS);
    sayings.say("stopped");
  }

  private List<PartitionStatus> describeAll() throws Exception {
    return node.partitions().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private ActorRef<RaftPartition.Command> replica(PartitionId partition) {
    return node.partition(partition).orElseThrow();
  }

  private static boolean leads(PartitionStatus status) {
    return status.role() == Role.LEADER && status.leaderPublished();
  }
}
