package org.raftactors.examples.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.raftactors.PartitionId;
import org.raftactors.PartitionStatus;
import org.raftactors.RaftPartition;
import org.raftactors.TransferLeadership;
import org.raftactors.cluster.RaftApplication;
import org.raftactors.cluster.RaftNode;
import org.raftactors.core.Role;
import org.raftactors.core.TransferOutcome;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.examples.NodeConfig;

/**
 * One node of the benchmark. Obeys lines on stdin, answers with marked lines on stdout, and ends
 * when stdin does, so it never outlives its launcher.
 */
public final class BenchmarkServer {

  /** Before each answer. */
  static final String MARK = "@@ ";

  /** For an empty list. */
  static final String NONE = "-";

  /** That of the partitions: a proposal and its answer need no switch of threads. */
  private static final String DISPATCHER = "raft-actors.node.dispatcher";

  private static final Duration ASK = Duration.ofSeconds(10);

  private final PrintStream out;
  private final ActorSystem<Void> system;
  private final RaftNode node;
  private final Map<PartitionId, Tally> tallies;
  private int runs;

  private BenchmarkServer(
      PrintStream out, ActorSystem<Void> system, RaftNode node, Map<PartitionId, Tally> tallies) {
    this.out = out;
    this.system = system;
    this.node = node;
    this.tallies = tallies;
  }

  /**
   * Runs one node.
   *
   * @param arguments node id, seeds, data directory, number of partitions, size of their states
   * @throws Exception if the node cannot start; the launcher sees the end of the output
   */
  public static void main(String[] arguments) throws Exception {
    PrintStream out = System.out;
    System.setOut(System.err); // what libraries print must not look like an answer
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
    ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "benchmark", config.load());
    Map<PartitionId, Tally> tallies = new ConcurrentHashMap<>();
    RaftNode node = RaftNode.get(system);
    node.start(
            RaftApplication.of(
                Tally.CODECS,
                partition -> {
                  Tally tally = new Tally(Integer.parseInt(arguments[4]));
                  tallies.put(partition, tally);
                  return tally;
                }))
        .toCompletableFuture()
        .get(5, TimeUnit.MINUTES);
    BenchmarkServer server = new BenchmarkServer(out, system, node, tallies);
    server.say(
        "ready "
            + system
                .settings()
                .config()
                .getDuration("raft-actors.partition.election-timeout-min")
                .toMillis());
    server.obey();
    // The data is thrown away: there is nothing to hand over.
    Runtime.getRuntime().halt(0);
  }

  private void say(String line) {
    synchronized (out) {
      out.println(MARK + line);
      out.flush();
    }
  }

  private void obey() throws Exception {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      List<String> words = List.of(line.split(" ", -1));
      switch (words.get(0)) {
        case "status" -> status();
        case "gather" -> gather(new ReplicaId(Long.parseLong(words.get(1))));
        case "load" ->
            load(
                new Cell(Integer.parseInt(words.get(1)), Integer.parseInt(words.get(2))),
                Integer.parseInt(words.get(3)),
                Integer.parseInt(words.get(4)));
        default -> throw new IOException("not a command: " + line);
      }
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
    say(
        "status "
            + all.get(0).replica().value()
            + " "
            + all.stream().filter(BenchmarkServer::leads).count()
            + " "
            + applied
            + " "
            + Long.toHexString(sum));
  }

  private void gather(ReplicaId target) throws Exception {
    for (PartitionStatus status : describeAll()) {
      if (leads(status)) {
        TransferOutcome outcome =
            AskPattern.<RaftPartition.Command, TransferOutcome>ask(
                    replica(status.partition()),
                    replyTo -> new TransferLeadership(Optional.of(target), replyTo),
                    ASK,
                    system.scheduler())
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        system.log().info("Transfer of {} to {}: {}", status.partition(), target, outcome);
      }
    }
    say("gathered");
  }

  private void load(Cell cell, int warmSeconds, int measureSeconds) throws Exception {
    List<ActorRef<RaftPartition.Command>> led = new ArrayList<>();
    for (PartitionStatus status : describeAll()) {
      if (leads(status)) {
        led.add(replica(status.partition()));
      }
    }
    long start = System.nanoTime();
    long from = start + TimeUnit.SECONDS.toNanos(warmSeconds);
    long until = from + TimeUnit.SECONDS.toNanos(measureSeconds);
    CompletableFuture<LoadGenerator.Result> result = new CompletableFuture<>();
    ActorRef<Object> generator =
        system.systemActorOf(
            LoadGenerator.create(new LoadGenerator.Plan(led, cell, start, from, until), result),
            "load-" + ++runs,
            DispatcherSelector.fromConfig(DISPATCHER));
    parkUntil(from);
    say("from");
    parkUntil(until);
    say("until");
    // Answers that are still missing long after the end are errors.
    LoadGenerator.Result done =
        result
            .copy()
            .completeOnTimeout(null, 20, TimeUnit.SECONDS)
            .thenCompose(
                ended -> {
                  generator.tell(LoadGenerator.GiveUp.NOW);
                  return result;
                })
            .get(60, TimeUnit.SECONDS);
    String rates =
        done.perBucket().isEmpty()
            ? NONE
            : done.perBucket().stream().map(Object::toString).collect(Collectors.joining(","));
    say("result " + done.errors() + " " + rates + " " + encoded(done.latency()));
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

  /** The edges of the measured time are moments of the clock, not events. */
  private static void parkUntil(long nanos) throws InterruptedException {
    for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
      TimeUnit.NANOSECONDS.sleep(left);
    }
  }

  private static String encoded(Histogram histogram) {
    ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
    int length = histogram.encodeIntoCompressedByteBuffer(buffer);
    return Base64.getEncoder().encodeToString(Arrays.copyOf(buffer.array(), length));
  }
}
