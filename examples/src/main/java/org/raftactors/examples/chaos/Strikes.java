package org.raftactors.examples.chaos;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Carries out the schedule and writes down what really happened. Also starts nodes again that end
 * by themselves. What goes wrong in here is a problem of the run, and makes it inconclusive.
 */
final class Strikes implements AutoCloseable {

  private static final int AT_A_TIME = 6;
  private static final long SUPERVISION_MILLIS = 300;

  private static final long LITTLE = 12L << 20;

  private final ChaosCluster cluster;
  private final long seed;
  private final Clock clock;
  private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(AT_A_TIME);
  private final ConcurrentLinkedQueue<Strike> done = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> problems = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> ended = new ConcurrentLinkedQueue<>();
  private final ConcurrentHashMap<Fault, Long> underWay = new ConcurrentHashMap<>();

  Strikes(ChaosCluster cluster, long seed, Clock clock) {
    this.cluster = cluster;
    this.seed = seed;
    this.clock = clock;
    var unused =
        timer.scheduleWithFixedDelay(
            this::supervise, SUPERVISION_MILLIS, SUPERVISION_MILLIS, TimeUnit.MILLISECONDS);
  }

  void schedule(List<Fault> faults) {
    for (Fault fault : faults) {
      var unused = timer.schedule(() -> begin(fault), fault.atMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private interface Action {
    void run() throws IOException, InterruptedException;
  }

  private boolean guarded(String what, Action action) {
    try {
      action.run();
      return true;
    } catch (IOException | RuntimeException e) {
      problems.add(what + ": " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      problems.add(what + ": interrupted");
    }
    return false;
  }

  private void begin(Fault fault) {
    long began = clock.now();
    underWay.put(fault, began);
    boolean struck =
        guarded(
            fault.text(),
            () -> {
              Strike.Effect effect = strike(fault);
              long before = affected(fault);
              var unused =
                  timer.schedule(
                      () -> end(fault, began, effect, before),
                      fault.forMillis(),
                      TimeUnit.MILLISECONDS);
            });
    if (!struck) {
      underWay.remove(fault);
    }
  }

  private Strike.Effect strike(Fault fault) throws IOException, InterruptedException {
    Strike.Effect effect = Strike.Effect.none("");
    Random random = new Random(seed * 31 + fault.number());
    for (int number : fault.nodes()) {
      ChaosNode node = cluster.nodes().get(number);
      effect =
          effect.and(
              switch (fault.kind()) {
                case KILL -> node.kill();
                case TERMINATE -> node.terminate();
                case PAUSE -> node.pause();
                case DAMAGE -> node.damage(random);
                // Little is where writes are refused, none is where they fail.
                case FULL -> node.fill(random.nextBoolean() ? LITTLE : 0);
                default -> throw new IllegalStateException("strikes no node: " + fault);
              });
    }
    long before = affected(fault);
    for (Fault.Direction direction : fault.links()) {
      cluster.link(direction).impose(fault.number(), fault.manner(), fault.delayMillis());
    }
    long reset = affected(fault) - before;
    return reset > 0 ? Strike.Effect.full(reset + " connections reset") : effect;
  }

  private long affected(Fault fault) {
    return fault.links().stream().mapToLong(link -> cluster.link(link).affected()).sum();
  }

  private void end(Fault fault, long began, Strike.Effect effect, long before) {
    var unused =
        guarded(
            "the end of " + fault.text(),
            () -> {
              Strike.Effect all = effect;
              for (int number : fault.nodes()) {
                ChaosNode node = cluster.nodes().get(number);
                if (fault.kind() == Fault.Kind.PAUSE) {
                  all = all.and(node.goOn());
                } else if (fault.kind() == Fault.Kind.FULL) {
                  node.free();
                } else {
                  node.mayRun();
                }
              }
              // What a cut holds up, or refuses, is known when it is over.
              long held = affected(fault) - before;
              for (Fault.Direction direction : fault.links()) {
                cluster.link(direction).lift(fault.number());
              }
              if (!fault.links().isEmpty()) {
                all = all.and(new Strike.Effect(held > 0, held + " times held up or refused"));
              }
              done.add(new Strike(fault, began, clock.now(), all));
            });
    underWay.remove(fault);
  }

  private void supervise() {
    for (ChaosNode node : cluster.nodes()) {
      var unused =
          guarded(
              "supervision of " + node,
              () ->
                  node.supervise()
                      .ifPresent(
                          status ->
                              ended.add(
                                  "%s ended by itself with %d at %.1f s"
                                      .formatted(node, status, clock.now() / 1e9))));
    }
  }

  /** Waits until no fault lasts any more. */
  boolean awaitEnd(Waiting waiting) throws InterruptedException {
    return waiting.until("the end of all faults", underWay::isEmpty);
  }

  /** What happened, in the order of its beginning. */
  List<Strike> done() {
    return done.stream().sorted(Comparator.comparingLong(Strike::began)).toList();
  }

  List<String> problems() {
    return List.copyOf(problems);
  }

  /** Nodes that ended without having been struck, with their exit statuses. */
  List<String> endedByThemselves() {
    return List.copyOf(ended);
  }

  /** What lasts just now, for the progress line. */
  List<String> underWay() {
    return underWay.keySet().stream().map(Fault::text).toList();
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
