package org.raftactors.examples.benchmark;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;

/** Runs a load in this JVM, and tells the launcher how it goes. */
final class LoadRunner {

  private static final long REPORT_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final ActorSystem<?> system;
  private final DispatcherSelector dispatcher;
  private final Sayings sayings;
  private int runs;

  LoadRunner(ActorSystem<?> system, DispatcherSelector dispatcher, Sayings sayings) {
    this.system = system;
    this.dispatcher = dispatcher;
    this.sayings = sayings;
  }

  /** Blocks until it is over. */
  void run(Load load, Target.Factory target) throws Exception {
    AtomicLong completed = new AtomicLong();
    LoadGenerator.Plan plan = new LoadGenerator.Plan(target, load, System.nanoTime(), completed);
    CompletableFuture<LoadGenerator.Result> result = new CompletableFuture<>();
    ActorRef<Object> generator =
        system.systemActorOf(LoadGenerator.create(plan, result), "load-" + ++runs, dispatcher);
    report(plan, plan.measureFrom());
    sayings.say("from");
    report(plan, plan.measureUntil());
    sayings.say("until");
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
    sayings.say(
        "result " + done.errors() + " " + encoded(done.writes()) + " " + encoded(done.reads()));
  }

  /** The edges of the measured time are moments of the clock, not events. */
  private void report(LoadGenerator.Plan plan, long until) throws InterruptedException {
    long since = System.nanoTime();
    long before = plan.completed().get();
    while (until - since > REPORT_NANOS) {
      parkUntil(since + REPORT_NANOS);
      since += REPORT_NANOS;
      long now = plan.completed().get();
      sayings.say("rate " + (now - before) / TimeUnit.NANOSECONDS.toSeconds(REPORT_NANOS));
      before = now;
    }
    parkUntil(until);
  }

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
