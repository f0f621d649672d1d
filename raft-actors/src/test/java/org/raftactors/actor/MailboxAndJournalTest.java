package org.raftactors.actor;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.raftactors.Connect;
import org.raftactors.PartitionStatus;
import org.raftactors.PartitionStatus.State;
import org.raftactors.ProposalResult;
import org.raftactors.RaftPartition;
import org.raftactors.TransferLeadership;
import org.raftactors.codec.PeerMessage;
import org.raftactors.core.Role;
import org.raftactors.core.TransferOutcome;
import org.raftactors.core.log.EntryKind;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.log.Payload;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.message.AppendAccepted;
import org.raftactors.core.message.AppendRejected;
import org.raftactors.core.message.AppendRequest;
import org.raftactors.core.message.RaftMessage;
import org.raftactors.core.message.VoteRequest;
import org.raftactors.core.message.VoteResponse;
import org.raftactors.core.write.HardState;
import org.raftactors.core.write.Written;

/** One real replica with its mailbox and its journal; the test speaks for its peers. */
class MailboxAndJournalTest {

  private static final ReplicaId ONE = new ReplicaId(1);
  private static final ReplicaId TWO = new ReplicaId(2);
  private static final ReplicaId THREE = new ReplicaId(3);

  /** It never campaigns within a test. */
  private static final String PASSIVE =
      """
      raft-actors.partition {
        election-timeout-min = 100s
        election-timeout-max = 120s
        write-stall-timeout = 200s
      }
      """;

  private static ActorTestKit kit;

  private TestProbe<RaftPartition.Command> two;
  private TestProbe<RaftPartition.Command> three;

  @BeforeAll
  static void start() {
    kit = ActorTestKit.create(ConfigFactory.parseString(TestPartition.CONFIG));
  }

  @AfterAll
  static void stop() {
    kit.shutdownTestKit();
  }

  @BeforeEach
  void peers() {
    two = kit.createTestProbe();
    three = kit.createTestProbe();
  }

  /** A partition of three, of which only the first replica is real. */
  private TestPartition one(String overrides) {
    TestPartition partition = new TestPartition(kit, 3, overrides, Ledger::new);
    partition.start(ONE);
    partition.ref(ONE).tell(new Connect(TWO, two.getRef()));
    partition.ref(ONE).tell(new Connect(THREE, three.getRef()));
    partition.awaitState(ONE, State.RUNNING);
    return partition;
  }

  private static void send(TestPartition partition, ReplicaId from, RaftMessage message) {
    partition
        .ref(ONE)
        .tell(new PeerMessage(PeerMessage.group(partition.spec(ONE)), from, ONE, message));
  }

  private static RaftMessage next(TestProbe<RaftPartition.Command> peer) {
    return peer.expectMessageClass(PeerMessage.class, TestPartition.CEILING).message();
  }

  private static VoteRequest vote(long term, long lastIndex, long lastTerm) {
    // As in a transfer of leadership: nobody refuses it because of a leader.
    return new VoteRequest(term, new LogPosition(lastIndex, lastTerm), true);
  }

  private static LogEntry noOp(long index, long term) {
    return new LogEntry(index, term, 0, EntryKind.NO_OP, Payload.EMPTY);
  }

  private static AppendRequest append(long term, LogPosition previous, LogEntry... entries) {
    return new AppendRequest(term, previous, List.of(entries), 0);
  }

  /** The journal fails the next write, and with it the incarnation; the next one runs. */
  private static void crashAtNextWrite(TestPartition partition, boolean writes, Runnable cause) {
    TestStore store = partition.store(ONE);
    store.hold();
    store.failNextWrite(writes);
    cause.run();
    TestPartition.await(() -> store.heldOperations() == 1);
    store.release();
    TestPartition.await(() -> store.heldOperations() > 1); // the next incarnation reads
    partition.awaitState(ONE, State.RUNNING);
  }

  private static HardState durable(TestPartition partition) {
    List<Written> events = partition.events(ONE);
    return events.get(events.size() - 1).hardState();
  }

  @Test
  @DisplayName("4: a vote leaves when it is durable, and none is given twice across a crash")
  void vote_leavesOnlyWhenDurable_acrossCrashes() {
    TestPartition partition = one(PASSIVE);
    TestStore store = partition.store(ONE);
    store.hold();
    send(partition, TWO, vote(2, 0, 0));
    TestPartition.await(() -> store.heldOperations() == 1);
    assertThat(partition.describe(ONE).term()).isEqualTo(2);
    two.expectNoMessage(Duration.ofMillis(100));
    store.release();
    assertThat(next(two)).isEqualTo(new VoteResponse(2, true));
    assertThat(durable(partition)).isEqualTo(new HardState(2, TWO));

    // Lost before it was durable: nothing was promised, so another may have it.
    crashAtNextWrite(partition, false, () -> send(partition, TWO, vote(3, 0, 0)));
    send(partition, THREE, vote(3, 0, 0));
    assertThat(next(three)).isEqualTo(new VoteResponse(3, true));

    // Durable, and the answer lost: only the same candidate can have it again.
    crashAtNextWrite(partition, true, () -> send(partition, TWO, vote(4, 0, 0)));
    send(partition, THREE, vote(4, 9, 3));
    assertThat(next(three)).isEqualTo(new VoteResponse(4, false));
    send(partition, TWO, vote(4, 0, 0));
    assertThat(next(two)).isEqualTo(new VoteResponse(4, true));
    assertThat(durable(partition)).isEqualTo(new HardState(4, TWO));
    partition.stopAll();
  }

  @Test
  @DisplayName("7: between a vote and its durability nothing more is taken from the old leader")
  void appendOfTheOldLeader_whileAVoteIsBeingWritten_isRefused() {
    TestPartition partition = one(PASSIVE);
    send(partition, TWO, append(1, LogPosition.ZERO, noOp(1, 1)));
    assertThat(next(two)).isEqualTo(new AppendAccepted(1, 1));
    TestStore store = partition.store(ONE);
    store.hold();
    send(partition, THREE, vote(2, 1, 1));
    send(partition, TWO, append(1, new LogPosition(1, 1), noOp(2, 1)));
    TestPartition.await(() -> store.heldOperations() == 1);
    assertThat(partition.describe(ONE).lastIndex()).isEqualTo(1);
    store.release();

    assertThat(next(three)).isEqualTo(new VoteResponse(2, true));
    assertThat(next(two))
        .isInstanceOfSatisfying(
            AppendRejected.class, rejected -> assertThat(rejected.term()).isEqualTo(2));
    assertThat(partition.events(ONE)).allMatch(event -> event.lastIndex() <= 1);
    partition.stopAll();
  }

  @Test
  @DisplayName("30: cutting and appending is one event: a crash leaves the old log or the new one")
  void conflictingSuffix_acrossCrashes_isReplacedInOneEvent() {
    TestPartition partition = one(PASSIVE);
    send(partition, TWO, append(1, LogPosition.ZERO, noOp(1, 1), noOp(2, 1), noOp(3, 1)));
    assertThat(next(two)).isEqualTo(new AppendAccepted(1, 3));
    AppendRequest conflicting = append(2, new LogPosition(1, 1), noOp(2, 2));
    int before = partition.events(ONE).size();

    crashAtNextWrite(partition, false, () -> send(partition, THREE, conflicting));
    assertThat(partition.describe(ONE).lastIndex()).isEqualTo(3);
    assertThat(partition.events(ONE)).hasSize(before);

    crashAtNextWrite(partition, true, () -> send(partition, THREE, conflicting));
    assertThat(partition.describe(ONE).lastIndex()).isEqualTo(2);
    assertThat(partition.events(ONE)).hasSize(before + 1);
    send(partition, THREE, append(2, new LogPosition(2, 2), noOp(3, 2)));
    assertThat(next(three)).isEqualTo(new AppendAccepted(2, 3));
    partition.stopAll();
  }

  @Test
  @DisplayName("12: a single voter acknowledges and applies only what its journal has")
  void singleVoter_acknowledgesOnlyWhatIsDurable() {
    TestPartition partition = TestPartition.started(kit, 1, TestPartition.PATIENT);
    partition.awaitLeader();
    long committed = partition.commit("a").token().index();
    TestStore store = partition.store(ONE);
    store.hold();
    var answer = partition.propose(ONE, "b").toCompletableFuture();
    TestPartition.await(() -> store.heldOperations() == 1);

    PartitionStatus status = partition.describe(ONE);
    assertThat(status.lastIndex()).isEqualTo(committed + 1);
    assertThat(status.commitIndex()).isEqualTo(committed);
    assertThat(partition.ledger(ONE).applied()).containsExactly("a");
    assertThat(answer).isNotDone();

    store.release();
    assertThat(TestPartition.join(answer)).isInstanceOf(ProposalResult.Committed.class);
    partition.stopAll();
  }

  @Test
  @DisplayName("41: a follower whose disk hangs does not hold up the others")
  void followerWhoseJournalHangs_theOthersGoOn() {
    TestPartition partition = TestPartition.started(kit, 3, TestPartition.PATIENT);
    ReplicaId hung = partition.other(partition.awaitLeader());
    partition.commit("before");
    partition.awaitConverged();
    TestStore store = partition.store(hung);
    store.hold();
    for (int i = 0; i < 50; i++) {
      partition.commit("while it hangs " + i);
    }
    assertThat(partition.ledger(hung).applied()).containsExactly("before");
    store.release();
    assertThat(partition.awaitConverged()).contains("while it hangs 0", "while it hangs 49");
    partition.stopAll();
  }

  @Test
  @DisplayName("42: to a follower that falls silent the leader sends no more than its window")
  void followerThatFallsSilent_isSentNoMoreThanTheWindow() {
    TestPartition partition =
        new TestPartition(kit, 3, "raft-actors.partition.max-inflight-appends = 3", Ledger::new);
    partition.start(ONE);
    partition.start(TWO);
    ConcurrentLinkedQueue<AppendRequest> sent = new ConcurrentLinkedQueue<>();
    ActorRef<RaftPartition.Command> silent =
        kit.spawn(
            Behaviors.receiveMessage(
                message -> {
                  if (message instanceof PeerMessage peerMessage
                      && peerMessage.message() instanceof AppendRequest append) {
                    sent.add(append);
                  }
                  return Behaviors.same();
                }));
    for (ReplicaId real : List.of(ONE, TWO)) {
      partition.ref(real).tell(new Connect(THREE, silent));
    }
    long start = partition.commit("start").token().index();
    ReplicaId leader = partition.awaitLeader();
    // It takes part once, so that appends to it are pipelined from then on.
    TestPartition.await(() -> !sent.isEmpty());
    acceptLast(partition, leader, sent);
    for (int i = 0; i < 100; i++) {
      partition.commit("while it is silent " + i);
    }
    assertThat(partition.describe(leader).commitIndex()).isGreaterThanOrEqualTo(start + 100);
    assertThat(sent).isNotEmpty().hasSizeLessThanOrEqualTo(3);
    long through = acceptLast(partition, leader, sent);
    assertThat(through).isLessThan(start + 100);
    TestPartition.await(() -> !sent.isEmpty());
    assertThat(sent.element().previous().index()).isEqualTo(through);
    partition.stopAll();
  }

  /** Acknowledges all that was sent so far; returns up to where. */
  private static long acceptLast(
      TestPartition partition, ReplicaId leader, ConcurrentLinkedQueue<AppendRequest> sent) {
    List<AppendRequest> all = List.copyOf(sent);
    sent.clear();
    AppendRequest last = all.get(all.size() - 1);
    long through = last.previous().index() + last.entries().size();
    long group = PeerMessage.group(partition.spec(leader));
    AppendAccepted accepted = new AppendAccepted(last.term(), through);
    partition.ref(leader).tell(new PeerMessage(group, THREE, leader, accepted));
    return through;
  }

  @Test
  @DisplayName("97: who does not lead answers a request to hand over at once")
  void transfer_askedOfAFollowerOrACandidate_isAnsweredAtOnce() {
    TestPartition follower = one(PASSIVE);
    assertThat(follower.describe(ONE).role()).isEqualTo(Role.FOLLOWER);
    assertThat(transfer(follower)).isEqualTo(TransferOutcome.NOT_LEADER);
    follower.stopAll();

    TestPartition candidate = one("");
    TestPartition.await(() -> candidate.describe(ONE).role() == Role.PRE_CANDIDATE);
    assertThat(transfer(candidate)).isEqualTo(TransferOutcome.NOT_LEADER);
    candidate.stopAll();
  }

  private static TransferOutcome transfer(TestPartition partition) {
    return TestPartition.join(
        AskPattern.<RaftPartition.Command, TransferOutcome>ask(
            partition.ref(ONE),
            replyTo -> new TransferLeadership(Optional.of(TWO), replyTo),
            TestPartition.CEILING,
            kit.scheduler()));
  }
}
