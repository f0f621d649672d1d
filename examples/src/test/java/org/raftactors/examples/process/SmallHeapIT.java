package org.raftactors.examples.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.raftactors.examples.process.TestCluster.awaiting;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Nodes whose log is several times their heap: they take the writes, one that was away catches up
 * from the others' logs, all start again from their logs, and again from snapshots. {@code
 * -Dheap.mebibytes=256 -Dheap.log-mebibytes=1024} is the full size, with the library's defaults;
 * the buffers of smaller heaps are smaller in proportion. Prints what it measured.
 */
class SmallHeapIT {

  private static final int FULL_HEAP = 256;
  private static final int HEAP = Integer.getInteger("heap.mebibytes", 48);

  /** Of each partition. */
  private static final int LOG = Integer.getInteger("heap.log-mebibytes", 32);

  /** Not within the usual ceiling: at full size, reading the log takes minutes. */
  private static final Duration CEILING = Duration.ofSeconds(60 + 4L * LOG);

  private static final int VALUE = 48 << 10;
  private static final int KEYS = 60;
  private static final int WRITERS = 6;

  @RegisterExtension final TestCluster cluster = new TestCluster(settings());

  /** Buffers of the defaults, as much smaller as the heap is. */
  private static String[] settings() {
    List<String> settings = new ArrayList<>();
    long bytes = Math.max(2 << 20, (16L << 20) * HEAP / FULL_HEAP);
    for (String key : List.of("tail", "max-apply-backlog", "max-uncommitted", "snapshot-every")) {
      settings.add("raft-actors.partition." + key + "-bytes=" + bytes + "B");
    }
    settings.add("raft-actors.partition.snapshot-growth=0");
    settings.add("raft-actors.partition.log-kept-for-followers-bytes=1TiB");
    settings.add("raft-actors.starts.report-every=1s");
    return settings.toArray(String[]::new);
  }

  private Path collections(NodeProcess node, String phase) {
    return cluster.file(node.id() + "-" + phase + "-gc.log");
  }

  private void start(NodeProcess node, String phase, boolean snapshots) throws IOException {
    node.javaOptions(
        "-Xmx" + HEAP + "m",
        "-XX:+ExitOnOutOfMemoryError",
        "-Draft-actors.partition.snapshot-after-bytes=" + (snapshots ? "1MiB" : "1TiB"),
        "-Xlog:gc:file=" + Path.of("").toAbsolutePath().relativize(collections(node, phase)));
    node.start();
  }

  @Test
  @DisplayName("a log larger than the heap is written, sent to who was away, and read again")
  void when_theLogIsLargerThanTheHeap_then_nodesRunCatchUpAndRestart() throws Exception {
    startAll("run", false);
    cluster.node(3).kill();
    long from = System.nanoTime();
    write();
    report("written", from, "run", 1, 2);

    from = System.nanoTime();
    start(cluster.node(3), "catch-up", false);
    List<String> before = states();
    report("caught up", from, "catch-up", 3);

    from = System.nanoTime();
    startAll("restart", true); // there are no snapshots yet; they are taken meanwhile
    report("restarted from the log", from, "restart", 1, 2, 3);
    assertThat(states()).isEqualTo(before);
    cluster.nodes().forEach(this::awaitSnapshots);

    from = System.nanoTime();
    startAll("restart-again", true);
    report("restarted from snapshots", from, "restart-again", 1, 2, 3);
    assertThat(states()).isEqualTo(before);
  }

  private void startAll(String phase, boolean snapshots) throws Exception {
    for (NodeProcess node : cluster.nodes()) {
      if (node.isAlive()) {
        node.kill();
      }
    }
    for (NodeProcess node : cluster.nodes()) {
      start(node, phase, snapshots);
    }
    for (NodeProcess node : cluster.nodes()) {
      await(node + " is ready")
          .atMost(CEILING)
          .until(
              () -> {
                assertThat(node.isAlive()).as("%s runs", node).isTrue();
                return cluster.client.get(node, "/health/ready").status() == 200;
              });
    }
  }

  /** What the replicas agree on, without the position: each election adds an entry. */
  private List<String> states() {
    List<String> states = new ArrayList<>();
    for (int partition = 1; partition <= TestCluster.PARTITIONS; partition++) {
      int asked = partition;
      states.add(
          await("the replicas agree")
              .atMost(CEILING)
              .until(() -> state(asked), state -> !state.isEmpty()));
    }
    return states;
  }

  /** Empty if they do not agree. */
  private String state(int partition) {
    Set<String> states = new HashSet<>();
    for (NodeProcess node : cluster.nodes()) {
      Reply reply = cluster.client.get(node, "/kv-digest?partition=" + partition);
      String place = "\"(appliedIndex|lastCommandIndex)\":[0-9]+";
      states.add(reply.status() == 200 ? reply.body().replaceAll(place, "") : node + " " + reply);
    }
    return states.size() == 1 ? states.iterator().next() : "";
  }

  private void awaitSnapshots(NodeProcess node) {
    for (int partition = 1; partition <= TestCluster.PARTITIONS; partition++) {
      int asked = partition;
      awaiting(node + " has snapshots")
          .until(
              () ->
                  cluster
                      .status(node, asked)
                      .filter(status -> status.get("snapshotIndex").asLong() > 0)
                      .isPresent());
    }
  }

  private void write() throws Exception {
    AtomicInteger left =
        new AtomicInteger((int) (((long) LOG << 20) * TestCluster.PARTITIONS / VALUE));
    ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      NodeProcess node = cluster.node(1 + i % 2);
      Random random = new Random(i);
      all.add(writers.submit(() -> write(node, left, random)));
    }
    writers.shutdown();
    for (Future<?> each : all) {
      each.get();
    }
  }

  private void write(NodeProcess node, AtomicInteger left, Random random) {
    NodeClient client = new NodeClient();
    char[] text = new char[VALUE];
    while (left.decrementAndGet() >= 0) {
      for (int i = 0; i < VALUE; i++) {
        text[i] = (char) (' ' + random.nextInt(64));
      }
      String value = new String(text);
      String key = "key" + random.nextInt(KEYS);
      awaiting("a write is taken").until(() -> client.put(node, key, value).status() == 200);
    }
  }

  private void report(String what, long from, String phase, int... nodes) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int i : nodes) {
      line.append(i == nodes[0] ? " " : ", ").append(heap(collections(cluster.node(i), phase)));
    }
    System.err.printf(
        Locale.ROOT,
        "SmallHeapIT: heap %d MiB, log %d MiB in each of %d partitions: %s in %.1f s;"
            + " heap in use before and after a collection, at most:%s%n",
        HEAP,
        LOG,
        TestCluster.PARTITIONS,
        what,
        (System.nanoTime() - from) / 1e9,
        line);
  }

  /** Of a full collection: what a young one leaves may be garbage as well. */
  private static String heap(Path log) throws IOException {
    Pattern pattern = Pattern.compile(" ([0-9]+)M->([0-9]+)M\\(");
    int before = 0;
    int after = 0;
    for (String line : Files.readAllLines(log)) {
      Matcher matcher = pattern.matcher(line);
      if (matcher.find()) {
        before = Math.max(before, Integer.parseInt(matcher.group(1)));
        if (line.contains("Pause Full")) {
          after = Math.max(after, Integer.parseInt(matcher.group(2)));
        }
      }
    }
    return before + " and " + after + " MiB";
  }
}
