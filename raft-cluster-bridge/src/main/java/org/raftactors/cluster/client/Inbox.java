package org.raftactors.cluster.client;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers come on the threads of partitions and remoting, which must not be kept: they are put
 * here, and handled in order, many at a time, on the executor. What handling them completes is run
 * after the next batch may start, so that a reader's slow callback keeps back its own batch at
 * most.
 */
final class Inbox {

  /** Handles something and returns what to run afterwards. */
  interface Task {
    Runnable run();
  }

  private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);
  private static final int BATCH = 256;

  private final Executor executor;
  private final Queue<Task> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicInteger size = new AtomicInteger();

  Inbox(Executor executor) {
    this.executor = executor;
  }

  void put(Task task) {
    tasks.add(task);
    if (size.getAndIncrement() == 0) {
      executor.execute(this::drain);
    }
  }

  /** One that fails must not keep the others, and all that come later, from being handled. */
  private static Runnable handled(Task task) {
    try {
      return task.run();
    } catch (RuntimeException e) {
      LOG.error("the answer of a request could not be handled", e);
      return () -> {};
    }
  }

  private void drain() {
    int batch = Math.min(size.get(), BATCH);
    Runnable[] after = new Runnable[batch];
    for (int i = 0; i < batch; i++) {
      after[i] = handled(tasks.remove());
    }
    if (size.addAndGet(-batch) > 0) {
      executor.execute(this::drain);
    }
    for (Runnable each : after) {
      try {
        each.run();
      } catch (RuntimeException e) {
        LOG.error("a callback on the answer of a request failed", e);
      }
    }
  }
}
