package org.raftactors.examples.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.raftactors.examples.process.TestCluster.awaiting;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Nodes whose log is four times their heap: they take the writes, one that was away catches up, and
 * all start again. {@code -Dheap.mebibytes=256 -Dheap.log-mebibytes=1024} is the full size, with
 * the library's defaults; the buffers of smaller heaps are smaller in proportion. Prints what it
 * measured.
 */
class SmallHeapIT {

  private static final int FULL_HEAP = 256;
  private static final int HEAP = Integer.getInteger("heap.mebibytes", 48);

  /** Of each partition. */
  private static final int LOG = Integer.getInteger("heap.log-mebibytes", 4 * HEAP / 3);

  private static final int VALUE = 48 << 10;
  private static final int KEYS = 60;
  private static final int WRITERS = 6;

  @RegisterExtension final TestCluster cluster = new TestCluster(settings());

  /** Buffers of the defaults, as much smaller as the heap is; and no snapshots, or soon. */
  private static String[] settings() {
    List<String> settings = new ArrayList<>();
    for (String key :
        List.of(
            "tail-bytes",
            "max-apply-backlog-bytes",
            "max-uncommitted-bytes",
            "snapshot-every-bytes")) {
      long bytes = Math.max(2 << 20, (16L << 20) * HEAP / FULL_HEAP);
      settings.add("raft-actors.partition." + key + "=" + bytes + "B");
    }
    boolean without = Boolean.parseBoolean(System.getProperty("heap.without-snapshots", "true"));
    long after = without ? 1L << 40 : ((long) LOG << 20) / 8;
    settings.add("raft-actors.partition.snapshot-after-bytes=" + after + "B");
    settings.add("raft-actors.partition.snapshot-growth=0");
    settings.add("raft-actors.partition.log-kept-bytes=1MiB");
    settings.add(
        "raft-actors.partition.log-kept-for-followers-bytes=" + (without ? "1TiB" : "1MiB"));
    settings.add("raft-actors.starts.report-every=1s");
    return settings.toArray(String[]::new);
  }

  private Path collections(NodeProcess node, String phase) {
    return cluster.file(node.id() + "-" + phase + "-gc.log");
  }

  private void start(NodeProcess node, String phase) throws IOException {
    node.javaOptions(
        "-Xmx" + HEAP + "m",
        "-XX:+ExitOnOutOfMemoryError",
        "-Xlog:gc:file=" + Path.of("").toAbsolutePath().relativize(collections(node, phase)));
    node.start();
  }

  @Test
  @DisplayName("a log of four times the heap is written, sent to one who was away, and read again")
  void when_theLogIsLargerThanTheHeap_then_nodesRunCatchUpAndRestart() throws Exception {
    for (NodeProcess node : cluster.nodes()) {
      start(node, "run");
    }
    cluster.nodes().forEach(cluster::awaitReady);
    cluster.node(3).kill();
    long from = System.nanoTime();
    write();
    report("written", from, "run", 1, 2);

    from = System.nanoTime();
    start(cluster.node(3), "catch-up");
    List<JsonNode> before = cluster.awaitAgreement();
    report("caught up", from, "catch-up", 3);

    for (NodeProcess node : cluster.nodes()) {
      node.kill();
    }
    from = System.nanoTime();
    for (NodeProcess node : cluster.nodes()) {
      start(node, "restart");
    }
    cluster.nodes().forEach(cluster::awaitReady);
    report("all three restarted", from, "restart", 1, 2, 3);
    assertThat(cluster.awaitAgreement()).isEqualTo(before);

    cluster.node(2).kill();
    from = System.nanoTime();
    start(cluster.node(2), "restart-alone");
    cluster.awaitReady(cluster.node(2));
    report("one restarted", from, "restart-alone", 2);
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
    while (left.decrementAndGet() >= 0) {
      String value = Long.toHexString(random.nextLong()).repeat(VALUE / 16 + 1).substring(0, VALUE);
      String key = "key" + random.nextInt(KEYS);
      awaiting("a write is taken").until(() -> client.put(node, key, value).status() == 200);
    }
  }

  private void report(String what, long from, String phase, int... nodes) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int i : nodes) {
      line.append(' ').append(heap(collections(cluster.node(i), phase)));
      long bytes = size(cluster.dataDir(i));
      line.append(String.format(Locale.ROOT, " (%d MiB on disk)", bytes >> 20));
    }
    System.err.printf(
        Locale.ROOT,
        "SmallHeapIT: heap %d MiB, log %d MiB in each of %d partitions: %s in %.1f s,%s%n",
        HEAP,
        LOG,
        TestCluster.PARTITIONS,
        what,
        (System.nanoTime() - from) / 1e9,
        line);
  }

  private static long size(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  /** The most that was in use before and after a collection. */
  private static String heap(Path log) throws IOException {
    Pattern pattern = Pattern.compile(" ([0-9]+)M->([0-9]+)M\\(");
    int before = 0;
    int after = 0;
    for (String line : Files.readAllLines(log)) {
      Matcher matcher = pattern.matcher(line);
      if (matcher.find()) {
        before = Math.max(before, Integer.parseInt(matcher.group(1)));
        after = Math.max(after, Integer.parseInt(matcher.group(2)));
      }
    }
    return "heap used " + before + " MiB before a collection and " + after + " after";
  }
}
