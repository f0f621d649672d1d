package org.raftactors.examples.benchmark;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.raftactors.ProposalResult;
import org.raftactors.ReadResult;

/**
 * Makes operations until its time is over; then it waits for the answers that are missing,
 * completes its result and stops.
 *
 * <p>Without a rate it keeps a window of operations in flight: as fast as it goes. With one, an
 * operation begins when its time has come, however long those before it take, and its latency
 * counts from then, also if the window made it wait: what a stall costs everybody who came
 * meanwhile is in the figures. An answer counts if it comes within the measured time. A failure's
 * place in the window stays empty for a moment.
 */
final class LoadGenerator extends AbstractBehavior<Object> {

  /**
   * What is to be done.
   *
   * @param target where operations go
   * @param load how many of what
   * @param start when the load starts, by the monotonic clock
   * @param completed counts for whoever watches
   */
  record Plan(Target.Factory target, Load load, long start, AtomicLong completed) {

    long measureFrom() {
      return start + TimeUnit.SECONDS.toNanos(load.warmSeconds());
    }

    long measureUntil() {
      return measureFrom() + TimeUnit.SECONDS.toNanos(load.measureSeconds());
    }
  }

  /**
   * What came of it.
   *
   * @param writes latencies of the writes that count, in nanoseconds
   * @param reads of the reads that count
   * @param errors refused, unknown and missing answers, warm-up included
   */
  record Result(Histogram writes, Histogram reads, long errors) {}

  /** Asks for an end now, whatever is missing. */
  enum GiveUp {
    NOW
  }

  private enum Again {
    NOW
  }

  private enum Due {
    NOW
  }

  private static final Duration PAUSE = Duration.ofMillis(10);
  private static final Duration BEAT = Duration.ofMillis(1);

  private final Plan plan;
  private final Target target;
  private final CompletableFuture<Result> result;
  private final Sample sample;
  private final Histogram writes = new Histogram(TimeUnit.SECONDS.toNanos(120), 3);
  private final Histogram reads = new Histogram(TimeUnit.SECONDS.toNanos(120), 3);

  /** Numbers under way and when they started, by number modulo size; wide enough for stragglers. */
  private final long[] numbers;

  private final long[] starts;
  private final boolean[] isRead;
  private long nextNumber = 1;
  private int readShare;
  private int inFlight;
  private int paused;
  private long errors;

  private LoadGenerator(
      ActorContext<Object> context,
      TimerScheduler<Object> timers,
      Plan plan,
      CompletableFuture<Result> result) {
    super(context);
    this.plan = plan;
    this.result = result;
    this.target = plan.target().create(context.getSelf(), plan.load().reads());
    byte[] noise = new byte[plan.load().cell().payload()];
    ThreadLocalRandom.current().nextBytes(noise);
    this.sample = Sample.over(noise);
    int slots = Math.max(1024, Integer.highestOneBit(plan.load().cell().window()) * 128);
    this.numbers = new long[slots];
    this.starts = new long[slots];
    this.isRead = new boolean[slots];
    if (plan.load().rate() > 0) {
      timers.startTimerAtFixedRate(Due.NOW, BEAT);
    } else {
      fill(System.nanoTime());
    }
  }

  static Behavior<Object> create(Plan plan, CompletableFuture<Result> result) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(timers -> new LoadGenerator(context, timers, plan, result)));
  }

  @Override
  public Receive<Object> createReceive() {
    return newReceiveBuilder()
        .onMessage(ProposalResult.Committed.class, committed -> onDone((Long) committed.result()))
        .onMessage(ReadResult.Answered.class, answered -> onDone((Long) answered.result()))
        .onMessage(Target.Done.class, done -> onDone(done.number()))
        .onMessage(Again.class, again -> onAgain())
        .onMessage(Due.class, due -> next(System.nanoTime()))
        .onMessage(GiveUp.class, giveUp -> end(errors + inFlight))
        .onAnyMessage(failure -> onError())
        .build();
  }

  private Behavior<Object> onDone(long number) {
    long now = System.nanoTime();
    inFlight--;
    int slot = (int) (number & (numbers.length - 1));
    if (numbers[slot] != number) {
      errors++;
    } else {
      plan.completed().lazySet(plan.completed().getPlain() + 1);
      if (now >= plan.measureFrom() && now < plan.measureUntil()) {
        (isRead[slot] ? reads : writes).recordValue(now - starts[slot]);
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
      fill(now);
      return this;
    }
    return inFlight == 0 && paused == 0 ? end(errors) : this;
  }

  private void fill(long now) {
    long rate = plan.load().rate();
    while (inFlight + paused < plan.load().cell().window()) {
      if (rate == 0) {
        begin(now);
      } else {
        long due = plan.start() + (long) ((nextNumber - 1) * 1e9 / rate);
        if (due > now) {
          return;
        }
        begin(due);
      }
    }
  }

  private void begin(long at) {
    long number = nextNumber++;
    int slot = (int) (number & (numbers.length - 1));
    readShare += plan.load().readPercent();
    boolean read = readShare >= 100;
    readShare -= read ? 100 : 0;
    numbers[slot] = number;
    starts[slot] = at;
    isRead[slot] = read;
    inFlight++;
    if (read) {
      target.read(number);
    } else {
      target.write(sample.number(number));
    }
  }

  private Behavior<Object> end(long allErrors) {
    result.complete(new Result(writes, reads, allErrors));
    return Behaviors.stopped();
  }
}
