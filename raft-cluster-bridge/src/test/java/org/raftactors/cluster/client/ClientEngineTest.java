package org.raftactors.cluster.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.raftactors.BatchResults;
import org.raftactors.PartitionId;
import org.raftactors.ProposalResult;
import org.raftactors.Propose;
import org.raftactors.ProposeBatch;
import org.raftactors.RaftPartition;
import org.raftactors.Read;
import org.raftactors.ReadLevel;
import org.raftactors.ReadResult;
import org.raftactors.RejectReason;
import org.raftactors.Token;
import org.raftactors.UnknownReason;
import org.raftactors.cluster.internal.ClientSettings;
import org.raftactors.core.membership.ReplicaId;

/** The client against replicas that do what the test wants. */
class ClientEngineTest {

  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final PartitionId PARTITION = new PartitionId(1);
  private static final ReplicaId ONE = new ReplicaId(1);
  private static final ReplicaId TWO = new ReplicaId(2);
  private static final Token TOKEN = new Token(PARTITION, 1, 1, 1);
  private static final Duration LONG = Duration.ofSeconds(60);

  private final Map<ReplicaId, ActorRef<RaftPartition.Command>> replicas =
      new ConcurrentHashMap<>();
  private final AtomicInteger attempts = new AtomicInteger();
  private final AtomicInteger batches = new AtomicInteger();

  @AfterAll
  static void shutDown() {
    KIT.shutdownTestKit();
  }

  private void replica(ReplicaId id, Consumer<RaftPartition.Command> handler) {
    replicas.put(
        id,
        KIT.spawn(
            Behaviors.receive(RaftPartition.Command.class)
                .onAnyMessage(
                    message -> {
                      attempts.incrementAndGet();
                      handler.accept(message);
                      return Behaviors.same();
                    })
                .build()));
  }

  private ClientEngine client(int maxInFlight) {
    return client(maxInFlight, 100);
  }

  private ClientEngine client(int maxInFlight, int maxRequestBytes) {
    ClientSettings settings =
        new ClientSettings(
            Duration.ofSeconds(5),
            maxInFlight,
            Duration.ofMillis(100),
            Duration.ofMillis(1),
            Duration.ofMillis(20),
            Duration.ofSeconds(1),
            Duration.ofMillis(500));
    Routes routes =
        new Routes() {
          @Override
          public List<ReplicaId> replicas(PartitionId partition) {
            return List.of(ONE, TWO);
          }

          @Override
          public ReplicaId local() {
            return ONE;
          }

          @Override
          public Optional<ActorRef<RaftPartition.Command>> replica(
              PartitionId partition, ReplicaId replica) {
            return Optional.ofNullable(replicas.get(replica));
          }
        };
    return new ClientEngine(KIT.system(), settings, routes, maxRequestBytes);
  }

  @SuppressWarnings("unchecked") // the client asks for encoded results
  private static void commit(RaftPartition.Command message) {
    if (message instanceof ProposeBatch batch) {
      int half = batch.commands().size() / 2; // in parts, and the later one first
      batch.replyTo().tell(echo(batch, half, batch.commands().size()));
      batch.replyTo().tell(echo(batch, 0, half));
    } else {
      Propose propose = (Propose) message;
      ((ActorRef<ProposalResult<byte[]>>) propose.replyTo())
          .tell(new ProposalResult.Committed<>(propose.command().bytes(), TOKEN));
    }
  }

  private static BatchResults echo(ProposeBatch batch, int from, int to) {
    List<ProposalResult<byte[]>> results =
        batch.commands().subList(from, to).stream()
            .<ProposalResult<byte[]>>map(
                command -> new ProposalResult.Committed<>(command.bytes(), TOKEN))
            .toList();
    return new BatchResults(batch.id(), from, results);
  }

  @SuppressWarnings("unchecked") // the client asks for encoded results
  private static void reject(RaftPartition.Command message, Optional<ReplicaId> leader) {
    if (message instanceof Propose propose) {
      ((ActorRef<ProposalResult<byte[]>>) propose.replyTo())
          .tell(new ProposalResult.Rejected<>(RejectReason.NOT_LEADER, leader, Duration.ZERO));
    }
  }

  private static boolean awaitLatch(CountDownLatch latch) {
    try {
      return latch.await(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static <T> T done(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void aHint_leadsToTheLeader() {
    replica(ONE, message -> reject(message, Optional.of(TWO)));
    replica(TWO, ClientEngineTest::commit);
    ProposalResult<byte[]> result = done(client(10).propose(PARTITION, bytes("x"), LONG));
    assertThat(((ProposalResult.Committed<byte[]>) result).result()).isEqualTo(bytes("x"));
  }

  @Test
  void withoutAnyReplica_itIsRejectedAtTheDeadline() {
    ProposalResult<byte[]> result =
        done(client(10).propose(PARTITION, bytes("x"), Duration.ofMillis(200)));
    assertThat(((ProposalResult.Rejected<byte[]>) result).reason())
        .isEqualTo(RejectReason.UNAVAILABLE);
  }

  @Test
  void withoutAnswer_itIsUnknownAtTheDeadlineAndWasSentOnce() {
    replica(ONE, message -> {});
    ProposalResult<byte[]> result =
        done(client(10).propose(PARTITION, bytes("x"), Duration.ofMillis(500)));
    assertThat(result).isEqualTo(new ProposalResult.Unknown<byte[]>(UnknownReason.TIMED_OUT));
    assertThat(attempts).hasValue(1);
  }

  @Test
  void neverTheLeader_isRejectedWithTheLastReason() {
    replica(ONE, message -> reject(message, Optional.empty()));
    ProposalResult<byte[]> result =
        done(client(10).propose(PARTITION, bytes("x"), Duration.ofMillis(500)));
    assertThat(((ProposalResult.Rejected<byte[]>) result).reason())
        .isEqualTo(RejectReason.NOT_LEADER);
    assertThat(attempts).hasValueGreaterThan(2);
  }

  @Test
  void tooLargeAndTooMany_areRejectedAtOnce() {
    replica(ONE, message -> {});
    ClientEngine client = client(1);
    ProposalResult<byte[]> large = done(client.propose(PARTITION, new byte[101], LONG));
    assertThat(((ProposalResult.Rejected<byte[]>) large).reason())
        .isEqualTo(RejectReason.TOO_LARGE);
    CompletionStage<ProposalResult<byte[]>> first = client.propose(PARTITION, bytes("x"), LONG);
    ProposalResult.Rejected<byte[]> second =
        (ProposalResult.Rejected<byte[]>) done(client.propose(PARTITION, bytes("y"), LONG));
    assertThat(second.reason()).isEqualTo(RejectReason.OVERLOADED);
    assertThat(second.retryAfter()).isPositive();
    ReadResult.Rejected<byte[]> read =
        (ReadResult.Rejected<byte[]>)
            done(client.read(PARTITION, bytes("y"), ReadLevel.LINEARIZABLE, LONG));
    assertThat(read.reason()).isEqualTo(RejectReason.OVERLOADED);
    client.close();
    assertThat(done(first)).isEqualTo(new ProposalResult.Unknown<byte[]>(UnknownReason.STOPPED));
    assertThat(done(client.propose(PARTITION, bytes("z"), LONG)))
        .isInstanceOf(ProposalResult.Rejected.class);
  }

  @Test
  @SuppressWarnings("unchecked") // the client asks for encoded results
  void aSilentReplica_doesNotKeepAReadFromTheOther() {
    replica(ONE, message -> {});
    replica(
        TWO,
        message ->
            ((ActorRef<ReadResult<byte[]>>) ((Read) message).replyTo())
                .tell(new ReadResult.Answered<>(bytes("seen"), TOKEN)));
    ReadResult<byte[]> result =
        done(client(10).read(PARTITION, bytes("q"), ReadLevel.LINEARIZABLE, LONG));
    assertThat(((ReadResult.Answered<byte[]>) result).result()).isEqualTo(bytes("seen"));
  }

  @Test
  void close_answersReadsThatWait() {
    replica(ONE, message -> {});
    ClientEngine client = client(10);
    CompletionStage<ReadResult<byte[]>> read =
        client.read(PARTITION, bytes("q"), ReadLevel.LINEARIZABLE, LONG);
    client.close();
    assertThat(done(read)).isInstanceOf(ReadResult.Rejected.class);
  }

  @Test
  void aCallbackThatBlocks_doesNotKeepLaterAnswersBack() {
    CountDownLatch registered = new CountDownLatch(1);
    replica(
        ONE,
        message -> {
          awaitLatch(registered);
          commit(message);
        });
    ClientEngine client = client(10);
    CountDownLatch blocked = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    CompletableFuture<Boolean> released =
        client
            .propose(PARTITION, bytes("x"), LONG)
            .thenApply(
                result -> {
                  blocked.countDown();
                  return awaitLatch(release);
                })
            .toCompletableFuture();
    registered.countDown();
    assertThat(awaitLatch(blocked)).isTrue();
    assertThat(done(client.propose(PARTITION, bytes("y"), LONG)))
        .isInstanceOf(ProposalResult.Committed.class);
    release.countDown();
    assertThat(done(released)).isTrue();
  }

  /** Proposes the first one, and the others before that is handled. */
  private List<CompletionStage<ProposalResult<byte[]>>> proposeTogether(
      int count, Duration deadlineOfTheOthers, Consumer<RaftPartition.Command> handler) {
    CountDownLatch submitted = new CountDownLatch(1);
    replica(
        ONE,
        message -> {
          awaitLatch(submitted);
          if (message instanceof ProposeBatch) {
            batches.incrementAndGet();
          }
          handler.accept(message);
        });
    ClientEngine client = client(1_000, 10_000);
    List<CompletionStage<ProposalResult<byte[]>>> answers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Duration deadline = i == 0 ? LONG : deadlineOfTheOthers;
      answers.add(client.propose(PARTITION, bytes("c" + i), deadline));
    }
    submitted.countDown();
    return answers;
  }

  @Test
  void whatComesBehindOthers_leavesInOneMessage_andEachGetsItsOwnAnswer() {
    List<CompletionStage<ProposalResult<byte[]>>> answers =
        proposeTogether(500, LONG, ClientEngineTest::commit);
    for (int i = 0; i < 500; i++) {
      assertThat(((ProposalResult.Committed<byte[]>) done(answers.get(i))).result())
          .isEqualTo(bytes("c" + i));
    }
    assertThat(batches).as("one alone, and 5,000 bytes in each of the others").hasValue(4);
    assertThat(attempts).hasValue(5);
  }

  @Test
  void aBatchWithoutAnswer_isUnknownAtItsDeadline() {
    List<CompletionStage<ProposalResult<byte[]>>> answers =
        proposeTogether(
            3,
            Duration.ofSeconds(3),
            message -> {
              if (message instanceof Propose) {
                commit(message);
              }
            });
    assertThat(done(answers.get(0))).isInstanceOf(ProposalResult.Committed.class);
    ProposalResult<byte[]> unknown = new ProposalResult.Unknown<>(UnknownReason.TIMED_OUT);
    assertThat(done(answers.get(1))).isEqualTo(unknown);
    assertThat(done(answers.get(2))).isEqualTo(unknown);
    assertThat(batches).hasValue(1);
  }

  @Test
  void manyThreads_eachGetTheirOwnAnswers() {
    replica(ONE, ClientEngineTest::commit);
    ClientEngine client = client(100_000, 10_000);
    List<CompletableFuture<Void>> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      int thread = t;
      threads.add(
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < 2_000; i++) {
                  byte[] command = bytes(thread + "/" + i);
                  ProposalResult<byte[]> result = done(client.propose(PARTITION, command, LONG));
                  assertThat(((ProposalResult.Committed<byte[]>) result).result())
                      .isEqualTo(command);
                }
              }));
    }
    threads.forEach(ClientEngineTest::done);
  }
}
