package org.raftactors.examples.benchmark;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.raftactors.ProposalResult;
import org.raftactors.Propose;
import org.raftactors.RaftPartition;

/**
 * Keeps a number of proposals in flight, round robin over partitions, until its time is over; then
 * it waits for the answers that are missing, completes its result and stops.
 *
 * <p>An answer counts if it comes within the measured time, whenever its proposal was made. A
 * refused proposal is an error, and its place in the window stays empty for a moment.
 */
final class LoadGenerator extends AbstractBehavior<Object> {

  /**
   * What is to be done.
   *
   * @param partitions leaders on this node
   * @param cell how large and how many
   * @param start when the load starts, by the monotonic clock
   * @param measureFrom when measuring starts
   * @param measureUntil when measuring and load end
   */
  record Plan(
      List<ActorRef<RaftPartition.Command>> partitions,
      Cell cell,
      long start,
      long measureFrom,
      long measureUntil) {
    Plan {
      partitions = List.copyOf(partitions);
    }
  }

  /**
   * What came of it.
   *
   * @param latency of the answers that count, in nanoseconds
   * @param errors refused, unknown and missing answers, warm-up included
   * @param perBucket commits a second for each five seconds from the start
   */
  record Result(Histogram latency, long errors, List<Long> perBucket) {
    Result {
      perBucket = List.copyOf(perBucket);
    }
  }

  /** Asks for an end now, whatever is missing. */
  enum GiveUp {
    NOW
  }

  private enum Again {
    NOW
  }

  private static final long BUCKET_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final Duration PAUSE = Duration.ofMillis(10);

  private final Plan plan;
  private final CompletableFuture<Result> result;
  private final Sample sample;
  private final Histogram latency = new Histogram(TimeUnit.SECONDS.toNanos(120), 3);
  private final long[] perBucket;

  /** Numbers under way and when they started, by number modulo size; wide enough for stragglers. */
  private final long[] numbers;

  private final long[] starts;
  private long nextNumber = 1;
  private int nextPartition;
  private int inFlight;
  private int paused;
  private long errors;

  private LoadGenerator(ActorContext<Object> context, Plan plan, CompletableFuture<Result> result) {
    super(context);
    this.plan = plan;
    this.result = result;
    byte[] noise = new byte[plan.cell().payload()];
    ThreadLocalRandom.current().nextBytes(noise);
    this.sample = Sample.over(noise);
    int slots = Math.max(1024, Integer.highestOneBit(plan.cell().window()) * 128);
    this.numbers = new long[slots];
    this.starts = new long[slots];
    this.perBucket = new long[(int) ((plan.measureUntil() - plan.start()) / BUCKET_NANOS)];
  }

  static Behavior<Object> create(Plan plan, CompletableFuture<Result> result) {
    return Behaviors.setup(
        context -> {
          LoadGenerator generator = new LoadGenerator(context, plan, result);
          for (int i = 0; i < plan.cell().window(); i++) {
            generator.propose(System.nanoTime());
          }
          return generator;
        });
  }

  @Override
  public Receive<Object> createReceive() {
    return newReceiveBuilder()
        .onMessage(ProposalResult.Committed.class, this::onCommitted)
        .onMessage(ProposalResult.Rejected.class, refused -> onError())
        .onMessage(ProposalResult.Unknown.class, unknown -> onError())
        .onMessage(Again.class, again -> onAgain())
        .onMessage(GiveUp.class, giveUp -> end(errors + inFlight))
        .build();
  }

  private Behavior<Object> onCommitted(ProposalResult.Committed<?> committed) {
    long now = System.nanoTime();
    inFlight--;
    long number = (Long) committed.result();
    int slot = (int) (number & (numbers.length - 1));
    if (numbers[slot] != number) {
      errors++;
    } else {
      int bucket = (int) ((now - plan.start()) / BUCKET_NANOS);
      if (bucket < perBucket.length) {
        perBucket[bucket]++;
      }
      if (now >= plan.measureFrom() && now < plan.measureUntil()) {
        latency.recordValue(now - starts[slot]);
      }
    }
    return next(now);
  }

  private Behavior<Object> onError() {
    errors++;
    inFlight--;
    paused++;
    getContext().scheduleOnce(PAUSE, getContext().getSelf(), Again.NOW);
    return this;
  }

  private Behavior<Object> onAgain() {
    paused--;
    return next(System.nanoTime());
  }

  private Behavior<Object> next(long now) {
    if (now < plan.measureUntil()) {
      propose(now);
      return this;
    }
    return inFlight == 0 && paused == 0 ? end(errors) : this;
  }

  private void propose(long now) {
    long number = nextNumber++;
    int slot = (int) (number & (numbers.length - 1));
    numbers[slot] = number;
    starts[slot] = now;
    inFlight++;
    ActorRef<RaftPartition.Command> partition = plan.partitions().get(nextPartition);
    nextPartition = nextPartition + 1 == plan.partitions().size() ? 0 : nextPartition + 1;
    partition.tell(
        Propose.<Sample, Long>of(Sample.CODEC, sample.number(number), getContext().getSelf()));
  }

  private Behavior<Object> end(long allErrors) {
    List<Long> rates = new ArrayList<>();
    for (long commits : perBucket) {
      rates.add(commits / TimeUnit.NANOSECONDS.toSeconds(BUCKET_NANOS));
    }
    result.complete(new Result(latency, allErrors, rates));
    return Behaviors.stopped();
  }
}
