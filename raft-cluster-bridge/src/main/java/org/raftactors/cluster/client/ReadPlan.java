package org.raftactors.cluster.client;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.raftactors.ReadResult.Rejected;
import org.raftactors.RejectReason;
import org.raftactors.cluster.internal.ClientSettings;
import org.raftactors.core.membership.ReplicaId;

/**
 * The attempts of one read: a state machine without I/O, clock or threads. A read changes nothing,
 * so another attempt is always safe, also after one that was not answered: then at once, at another
 * replica. After a rejection it follows the hint, or pauses and tries the next replica; any of them
 * can serve a read, or obtain from its leader what it needs to do so.
 */
final class ReadPlan {

  /** What to do next. */
  sealed interface Step {

    /**
     * Ask a replica.
     *
     * @param replica which
     * @param timeout nanoseconds, then go to another
     */
    record Ask(ReplicaId replica, long timeout) implements Step {}

    /**
     * Wait, then {@link #proceed}.
     *
     * @param nanos how long
     */
    record Pause(long nanos) implements Step {}

    /**
     * Give up.
     *
     * @param result what the reader gets
     */
    record Finish(Rejected<byte[]> result) implements Step {}
  }

  private static final int MAX_HOPS = 2;

  private final long attemptTimeout;
  private final BackOff backOff;
  private final List<ReplicaId> replicas;
  private final long deadline;

  private ReplicaId target;
  private int hops;
  private Rejected<byte[]> last =
      new Rejected<>(RejectReason.UNAVAILABLE, Optional.empty(), Duration.ZERO);

  /**
   * Plans a read.
   *
   * @param first the replica to begin with
   * @param deadline monotonic nanoseconds
   */
  ReadPlan(
      ClientSettings settings,
      List<ReplicaId> replicas,
      ReplicaId first,
      RandomGenerator random,
      long deadline) {
    this.attemptTimeout = settings.readAttemptTimeout().toNanos();
    this.backOff = new BackOff(settings.backOffMin(), settings.backOffMax(), random);
    this.replicas = replicas;
    this.target = first;
    this.deadline = deadline;
  }

  /** The next attempt: at the start, and after a pause. */
  Step proceed(long now) {
    return now >= deadline
        ? new Step.Finish(last)
        : new Step.Ask(target, Math.min(attemptTimeout, deadline - now));
  }

  /** The replica would not serve it. */
  Step rejected(Rejected<byte[]> rejection, long now) {
    last = rejection;
    if (!Retries.isWorthwhile(rejection.reason())) {
      return new Step.Finish(rejection);
    }
    @Nullable ReplicaId hint = rejection.leader().orElse(null);
    if (hint != null && !hint.equals(target) && hops < MAX_HOPS) {
      hops++;
      target = hint;
      return pause(rejection.retryAfter().toNanos(), now);
    }
    hops = 0;
    if (rejection.reason() != RejectReason.OVERLOADED) {
      target = next();
    }
    return pause(backOff.next(rejection.retryAfter()), now);
  }

  /** The replica did not answer in time. */
  Step lost(long now) {
    target = next();
    return proceed(now);
  }

  private Step pause(long nanos, long now) {
    if (nanos == 0) {
      return proceed(now);
    }
    return now + nanos >= deadline ? new Step.Finish(last) : new Step.Pause(nanos);
  }

  private ReplicaId next() {
    return replicas.get((replicas.indexOf(target) + 1) % replicas.size());
  }
}
