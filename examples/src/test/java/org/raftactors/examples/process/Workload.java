package org.raftactors.examples.process;

import static org.raftactors.examples.process.TestCluster.awaiting;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Writes through all nodes at once, some threads for each, until it is stopped. */
final class Workload implements AutoCloseable {

  /** Between two writes of a thread; bounds how much there is to check afterwards. */
  private static final long PAUSE_MILLIS = 20;

  private final List<NodeProcess> nodes;
  private final AtomicLong next = new AtomicLong();
  private final ConcurrentLinkedQueue<Attempt> attempts = new ConcurrentLinkedQueue<>();
  private final List<AtomicLong> acknowledged = new ArrayList<>();
  private final ScheduledExecutorService threads;
  private final List<Future<?>> writers = new ArrayList<>();

  Workload(List<NodeProcess> nodes) {
    this(nodes, 1);
  }

  Workload(List<NodeProcess> nodes, int writersOfEach) {
    this.nodes = nodes;
    this.threads = Executors.newScheduledThreadPool(nodes.size() * writersOfEach);
    for (int i = 0; i < nodes.size(); i++) {
      int node = i;
      NodeClient client = new NodeClient();
      acknowledged.add(new AtomicLong());
      for (int writer = 0; writer < writersOfEach; writer++) {
        writers.add(
            threads.scheduleWithFixedDelay(
                () -> write(client, node), 0, PAUSE_MILLIS, TimeUnit.MILLISECONDS));
      }
    }
  }

  private void write(NodeClient client, int node) {
    long number = next.incrementAndGet();
    String key = "key-" + number;
    String value = "value-" + number;
    Attempt attempt = Attempt.of(key, value, client.put(nodes.get(node), key, value));
    attempts.add(attempt);
    if (attempt.outcome() == Attempt.Outcome.ACKNOWLEDGED) {
      acknowledged.get(node).incrementAndGet();
    }
  }

  /** Waits until each of the given nodes has acknowledged so many writes from now on. */
  void awaitProgress(List<NodeProcess> through, long writes) {
    for (NodeProcess node : through) {
      AtomicLong count = acknowledged.get(nodes.indexOf(node));
      long goal = count.get() + writes;
      awaiting(node + " acknowledges " + writes + " writes")
          .until(
              () -> {
                checkWriters();
                return count.get() >= goal;
              });
    }
  }

  /** How many writes a node has acknowledged so far. */
  long acknowledgedThrough(NodeProcess node) {
    return acknowledged.get(nodes.indexOf(node)).get();
  }

  private void checkWriters() {
    for (Future<?> writer : writers) {
      if (writer.isDone()) {
        throw new IllegalStateException("a writer has failed: " + writer);
      }
    }
  }

  /** Stops writing and returns everything that was tried. */
  List<Attempt> stop() throws InterruptedException {
    checkWriters();
    threads.shutdown();
    if (!threads.awaitTermination(60, TimeUnit.SECONDS)) {
      throw new IllegalStateException("a write got no answer within 60 s");
    }
    return List.copyOf(attempts);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
