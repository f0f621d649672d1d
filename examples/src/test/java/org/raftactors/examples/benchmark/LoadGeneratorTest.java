package org.raftactors.examples.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.raftactors.PartitionId;
import org.raftactors.ProposalResult;
import org.raftactors.Propose;
import org.raftactors.RaftPartition;
import org.raftactors.Read;
import org.raftactors.ReadResult;
import org.raftactors.RejectReason;
import org.raftactors.SnapshotReader;
import org.raftactors.SnapshotView;
import org.raftactors.Token;

class LoadGeneratorTest {

  private static final Token TOKEN = new Token(new PartitionId(1), 1, 1, 1);

  private final AtomicLong completed = new AtomicLong();
  private final ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "load");

  @AfterEach
  void stop() throws Exception {
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  /** Applies at once; refuses every {@code refuse}th proposal. */
  private static Behavior<RaftPartition.Command> partition(
      Tally tally, AtomicLong refused, int refuse) {
    AtomicLong seen = new AtomicLong();
    return Behaviors.receive(RaftPartition.Command.class)
        .onMessage(
            Propose.class,
            propose -> {
              ActorRef<Object> replyTo = propose.replyTo().unsafeUpcast();
              if (seen.incrementAndGet() % refuse == 0) {
                refused.incrementAndGet();
                replyTo.tell(
                    new ProposalResult.Rejected<>(
                        RejectReason.OVERLOADED, Optional.empty(), Duration.ZERO));
                return Behaviors.same();
              }
              commit(propose, tally);
              return Behaviors.same();
            })
        .onMessage(
            Read.class,
            read -> {
              byte[] bytes = read.query().bytes();
              long number = Tally.NUMBER.decode(bytes, 0, bytes.length);
              ActorRef<Object> replyTo = read.replyTo().unsafeUpcast();
              replyTo.tell(new ReadResult.Answered<>(tally.query(number), TOKEN));
              return Behaviors.same();
            })
        .build();
  }

  private static void commit(Propose propose, Tally tally) {
    byte[] bytes = propose.command().bytes();
    Sample sample = Sample.CODEC.decode(bytes, 0, bytes.length);
    ActorRef<Object> replyTo = propose.replyTo().unsafeUpcast();
    replyTo.tell(new ProposalResult.Committed<>(tally.apply(new NoContext(), sample), TOKEN));
  }

  private LoadGenerator.Result run(
      List<Behavior<RaftPartition.Command>> partitions, int readPercent, long rate)
      throws Exception {
    List<ActorRef<RaftPartition.Command>> refs =
        partitions.stream()
            .map(
                partition ->
                    system.systemActorOf(partition, "p" + partition.hashCode(), Props.empty()))
            .toList();
    CompletableFuture<LoadGenerator.Result> result = new CompletableFuture<>();
    Load load = new Load(new Cell(16, 10), Mode.EMBEDDED, readPercent, Reads.STALE, rate, 0, 1);
    LoadGenerator.Plan plan =
        new LoadGenerator.Plan(
            (generator, reads) -> new EmbeddedTarget(refs, reads.level(), generator),
            load,
            System.nanoTime(),
            completed);
    system.systemActorOf(LoadGenerator.create(plan, result), "load", Props.empty());
    return result.get(60, TimeUnit.SECONDS);
  }

  private LoadGenerator.Result run(List<Behavior<RaftPartition.Command>> partitions)
      throws Exception {
    return run(partitions, 0, 0);
  }

  @Test
  void everyCommitIsCounted_andPartitionsTakeTurns() throws Exception {
    Tally one = new Tally(0);
    Tally two = new Tally(0);
    AtomicLong refused = new AtomicLong();
    LoadGenerator.Result result =
        run(
            List.of(
                partition(one, refused, Integer.MAX_VALUE),
                partition(two, refused, Integer.MAX_VALUE)));
    // What was answered after the end is not counted.
    assertThat(one.count() + two.count() - result.writes().getTotalCount()).isBetween(0L, 10L);
    assertThat(result.writes().getTotalCount()).isPositive();
    assertThat(result.reads().getTotalCount()).isZero();
    assertThat(completed).hasValue(one.count() + two.count());
    assertThat(one.count() - two.count()).isBetween(-1L, 1L);
    assertThat(result.errors()).isZero();
  }

  @Test
  void reads_haveTheirShare_andFiguresOfTheirOwn() throws Exception {
    Tally tally = new Tally(0);
    LoadGenerator.Result result =
        run(List.of(partition(tally, new AtomicLong(), Integer.MAX_VALUE)), 75, 0);
    assertThat(result.errors()).isZero();
    long operations = result.reads().getTotalCount() + result.writes().getTotalCount();
    assertThat(result.reads().getTotalCount() * 4 - operations * 3).isBetween(-40L, 40L);
  }

  @Test
  void aRate_isKept_andWhatHadToWaitCountsFromWhenItWasDue() throws Exception {
    List<Propose> held = new ArrayList<>();
    Tally tally = new Tally(0);
    Behavior<RaftPartition.Command> holding =
        Behaviors.receive(RaftPartition.Command.class)
            .onMessage(
                Propose.class,
                propose -> {
                  if (held.size() < 10) { // the window is full by the tenth
                    held.add(propose);
                    if (held.size() == 10) {
                      held.forEach(each -> commit(each, tally));
                    }
                  } else {
                    commit(propose, tally);
                  }
                  return Behaviors.same();
                })
            .build();
    LoadGenerator.Result result = run(List.of(holding), 0, 100);
    // Due every 10 ms: when the tenth comes, the first has waited for 90 ms. None comes early.
    assertThat(result.writes().getTotalCount()).isBetween(1L, 100L);
    assertThat(TimeUnit.NANOSECONDS.toMillis(result.writes().getMaxValue()))
        .isGreaterThanOrEqualTo(80);
  }

  @Test
  void refusals_areErrors_andTheLoadGoesOn() throws Exception {
    Tally tally = new Tally(0);
    AtomicLong refused = new AtomicLong();
    LoadGenerator.Result result = run(List.of(partition(tally, refused, 7)));
    assertThat(result.errors()).isEqualTo(refused.get()).isGreaterThan(10);
    assertThat(tally.count()).isGreaterThan(60);
  }

  @Test
  void tally_dependsOnTheOrder() {
    Tally one = new Tally(0);
    Tally two = new Tally(0);
    Sample sample = Sample.over(new byte[16]);
    one.apply(new NoContext(), sample.number(1));
    one.apply(new NoContext(), sample.number(2));
    two.apply(new NoContext(), sample.number(2));
    two.apply(new NoContext(), sample.number(1));
    assertThat(one.count()).isEqualTo(two.count()).isEqualTo(2);
    assertThat(one.sum()).isNotEqualTo(two.sum());
  }

  private record Bytes(long index, long term, InputStream state) implements SnapshotReader {}

  @Test
  void tallyWithAState_isRestoredFromItsSnapshot() throws Exception {
    Tally one = new Tally(3);
    Sample sample = Sample.over(new byte[16]);
    one.apply(new NoContext(), sample.number(1));
    one.apply(new NoContext(), sample.number(5));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    SnapshotView view = one.snapshot();
    one.apply(new NoContext(), sample.number(6)); // not in the view
    view.writeTo(bytes);

    Tally two = new Tally(3);
    two.restore(new Bytes(2, 1, new ByteArrayInputStream(bytes.toByteArray())));
    assertThat(two.count()).isEqualTo(2);
    ByteArrayOutputStream again = new ByteArrayOutputStream();
    two.snapshot().writeTo(again);
    assertThat(again.toByteArray()).isEqualTo(bytes.toByteArray());
  }
}
