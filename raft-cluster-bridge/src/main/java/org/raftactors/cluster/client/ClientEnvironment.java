package org.raftactors.cluster.client;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.Scheduler;
import org.raftactors.cluster.internal.ClientSettings;
import scala.concurrent.ExecutionContextExecutor;

/**
 * What all parts of a client share.
 *
 * @param settings how it behaves
 * @param routes where replicas are
 * @param maxRequestBytes the largest command or query that a partition accepts
 * @param replies where the answers to batches arrive
 * @param inbox where answers are handled
 * @param scheduler for timers
 * @param executor for what timers do
 * @param epoch the monotonic clock's reading when the client was made
 */
record ClientEnvironment(
    ClientSettings settings,
    Routes routes,
    int maxRequestBytes,
    BatchReplies replies,
    Inbox inbox,
    Scheduler scheduler,
    ExecutionContextExecutor executor,
    long epoch) {

  /** Monotonic nanoseconds, from 0. */
  long now() {
    return System.nanoTime() - epoch;
  }

  /** For back-off. Used by many threads. */
  RandomGenerator random() {
    return () -> ThreadLocalRandom.current().nextLong();
  }

  /** Runs something in the inbox, later. */
  Cancellable schedule(long nanos, Inbox.Task task) {
    return scheduler.scheduleOnce(Duration.ofNanos(nanos), () -> inbox.put(task), executor);
  }
}
