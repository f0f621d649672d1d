package org.raftactors.testkit.simulation.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.raftactors.testkit.simulation.check.FakeReplica.violated;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.raftactors.core.log.EntryKind;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.log.Payload;
import org.raftactors.core.log.SnapshotBase;
import org.raftactors.core.log.TermRanges;
import org.raftactors.core.membership.Configuration;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.message.AppendAccepted;
import org.raftactors.core.message.AppendRequest;
import org.raftactors.core.message.Heartbeat;
import org.raftactors.core.message.PreVoteRequest;
import org.raftactors.core.message.PreVoteResponse;
import org.raftactors.core.message.RaftMessage;
import org.raftactors.core.message.VoteRequest;
import org.raftactors.core.message.VoteResponse;
import org.raftactors.core.write.HardState;
import org.raftactors.core.write.PendingWrite;
import org.raftactors.core.write.Written;

/**
 * Two replicas that each think themselves to be the only voter: whatever should never be, can be.
 */
class SafetyTest {

  private static final ReplicaId ONE = new ReplicaId(1);
  private static final ReplicaId TWO = new ReplicaId(2);

  private final Requests requests = new Requests();
  private FakeReplica one = new FakeReplica(1, alone(ONE, TWO), 0);
  private FakeReplica two = new FakeReplica(2, alone(TWO, ONE), 0);
  private Safety safety = safety();
  private Written noOp = written(noOp(1, 1));

  private static Configuration alone(ReplicaId voter, ReplicaId learner) {
    return new Configuration(List.of(voter), List.of(learner));
  }

  private Safety safety() {
    return new Safety(alone(ONE, TWO), List.of(one, two), requests);
  }

  private static LogEntry noOp(long index, long term) {
    return new LogEntry(index, term, 0, EntryKind.NO_OP, Payload.EMPTY);
  }

  private static Written written(LogEntry entry) {
    return written(List.of(entry), new HardState(entry.term(), null));
  }

  private static Written written(List<LogEntry> entries, HardState hardState) {
    return new Written(
        hardState, SnapshotBase.initial(alone(TWO, ONE)), LogPosition.ZERO, entries, 0);
  }

  /** The first replica leads term 1 and has committed its no-op, honestly. */
  @BeforeEach
  void committed() {
    PendingWrite write = one.electItself(safety);
    noOp = write.event();
    safety.writing(noOp);
    one.durable().append(noOp);
    one.written(write);
    safety.stepped(one);
    assertThat(safety.highestCommitted()).isEqualTo(1);
    assertThat(one.handed()).hasSize(1);
  }

  private @Nullable Property steps(FakeReplica replica) {
    return violated(() -> safety.stepped(replica));
  }

  @Test
  void secondLeaderOfATerm_electionSafety() {
    two.electItself(safety);
    assertThat(steps(two)).isEqualTo(Property.ELECTION_SAFETY);
  }

  @Test
  void leaderOfALaterTermWithoutWhatIsCommitted_leaderCompleteness() {
    two = new FakeReplica(2, alone(TWO, ONE), 5);
    two.electItself(safety);
    assertThat(steps(two)).isEqualTo(Property.LEADER_COMPLETENESS);
  }

  @Test
  void commitOfWhatNoMajorityHas_committedOnDurableQuorum() {
    one.propose(Payload.EMPTY);
    PendingWrite write = one.write();
    one.written(write); // the core believes it, but the disk does not have it
    assertThat(steps(one)).isEqualTo(Property.COMMITTED_ON_DURABLE_QUORUM);
  }

  @Test
  void anotherEntryCommittedAtAnIndex_committedImmutable() {
    two.core()
        .receive(ONE, new AppendRequest(9, LogPosition.ZERO, List.of(noOp(1, 9)), 1), two.now());
    assertThat(steps(two)).isEqualTo(Property.COMMITTED_IMMUTABLE);
  }

  @Test
  void commitIndexGoesBack_monotonic() {
    one.replaceCore(1);
    assertThat(steps(one)).isEqualTo(Property.MONOTONIC);
  }

  @Test
  void leaderCutsItsLog_leaderAppendOnly() {
    one.propose(Payload.EMPTY);
    safety.stepped(one);
    one.replaceCore(0);
    one.durable().clear();
    PendingWrite noOp = one.electItself(safety);
    one.durable().append(noOp.event());
    one.written(noOp);
    assertThat(steps(one)).isEqualTo(Property.LEADER_APPEND_ONLY);
  }

  @Test
  void appliedWithoutTheStateMachine_stateOrder() {
    one.core().applied(1, one.now());
    assertThat(steps(one)).isEqualTo(Property.STATE_ORDER);
  }

  @Test
  void anotherEntryApplied_stateMachineSafety() {
    two.durable().append(written(noOp(1, 2)));
    assertThat(violated(() -> safety.applied(two, noOp(1, 2))))
        .isEqualTo(Property.STATE_MACHINE_SAFETY);
    assertThat(violated(() -> safety.applied(one, noOp(2, 1))))
        .isEqualTo(Property.STATE_MACHINE_SAFETY);
  }

  @Test
  void snapshotOfSomethingElse_snapshotTruth() {
    safety.applied(one, one.handed().get(0));
    long chain = safety.chain(one);
    Configuration configuration = alone(ONE, TWO);
    SnapshotBase label = new SnapshotBase(new LogPosition(1, 1), configuration);
    SnapshotBase otherTerm = new SnapshotBase(new LogPosition(1, 2), configuration);
    SnapshotBase later = new SnapshotBase(new LogPosition(2, 1), configuration);
    SnapshotBase otherMembers = new SnapshotBase(label.position(), alone(TWO, ONE));
    assertThat(violated(() -> safety.restored(two, label, chain))).isNull();
    assertThat(violated(() -> safety.restored(two, label, chain + 1)))
        .isEqualTo(Property.SNAPSHOT_TRUTH);
    assertThat(violated(() -> safety.restored(two, otherTerm, chain)))
        .isEqualTo(Property.SNAPSHOT_TRUTH);
    assertThat(violated(() -> safety.restored(two, later, chain)))
        .isEqualTo(Property.SNAPSHOT_TRUTH);
    assertThat(violated(() -> safety.restored(two, otherMembers, chain)))
        .isEqualTo(Property.SNAPSHOT_TRUTH);
  }

  @Test
  void baseThatIsNotCommittedThere_logBase() {
    two.log().resetTo(new SnapshotBase(new LogPosition(1, 2), alone(ONE, TWO)));
    assertThat(steps(two)).isEqualTo(Property.LOG_BASE);
    one.log().compactTo(new SnapshotBase(new LogPosition(1, 1), alone(TWO, ONE)));
    assertThat(steps(one)).isEqualTo(Property.LOG_BASE);
  }

  @Test
  void acknowledgedEntriesGone_durableBeforePromised() {
    two.durable().append(noOp);
    safety.promises().leaves(two, ONE, new AppendAccepted(1, 1));
    two.durable().clear();
    two.durable().append(written(List.of(), new HardState(1, null)));
    assertThat(violated(() -> safety.durable(two, noOp)))
        .isEqualTo(Property.DURABLE_BEFORE_PROMISED);
  }

  @Test
  void appliedButNotDurable_stateOrder() {
    assertThat(violated(() -> safety.applied(two, noOp(1, 1)))).isEqualTo(Property.STATE_ORDER);
  }

  @Test
  void leaderBelievesThatAFollowerHasMore_matchIndexTruth() {
    one.core().receive(TWO, new AppendAccepted(1, 1), one.now());
    assertThat(violated(() -> safety.matched(one, two))).isEqualTo(Property.MATCH_INDEX_TRUTH);
  }

  @Test
  void readThatMissesWhatWasCommitted_readFloor() {
    Request read = requests.create(Request.Kind.GET, 0, 0, 0, 0, 0);
    read.arrived(1);
    assertThat(violated(() -> safety.served(two, read, 0))).isEqualTo(Property.READ_FLOOR);
    safety.applied(one, one.handed().get(0));
    assertThat(violated(() -> safety.served(one, read, 1))).isNull();
    assertThat(violated(() -> safety.served(one, read, 2))).isEqualTo(Property.READ_FLOOR);
  }

  @Test
  void promisesThatAreNotOnTheDisk_durableBeforePromised() {
    for (RaftMessage message :
        List.of(
            new VoteRequest(2, LogPosition.ZERO, false),
            new VoteResponse(2, true),
            new VoteResponse(2, false),
            new AppendAccepted(0, 1),
            new AppendAccepted(1, 0))) {
      assertThat(violated(() -> safety.promises().leaves(two, ONE, message)))
          .as(message.toString())
          .isEqualTo(Property.DURABLE_BEFORE_PROMISED);
    }
    assertThat(violated(() -> safety.promises().leaves(two, ONE, new AppendAccepted(0, 0))))
        .isNull();
  }

  @Test
  void acknowledgedEntriesOfAnotherLeader_durableBeforePromised() {
    two.durable().append(written(noOp(1, 2)));
    assertThat(violated(() -> safety.promises().leaves(two, ONE, new AppendAccepted(1, 1))))
        .isEqualTo(Property.DURABLE_BEFORE_PROMISED);
  }

  @Test
  void anotherEndOfTheLogAfterReplay_replay() {
    TermRanges nothing = TermRanges.startingAt(LogPosition.ZERO);
    assertThat(violated(() -> safety.replayed(one, nothing, noOp))).isEqualTo(Property.REPLAY);
    TermRanges other = nothing.extend(1, 2);
    assertThat(violated(() -> safety.replayed(one, other, noOp))).isEqualTo(Property.REPLAY);
    assertThat(violated(() -> safety.replayed(one, nothing.extend(1, 1), noOp))).isNull();
  }

  @Test
  void otherEntriesThanThoseWritten_replay() {
    TermRanges terms = TermRanges.startingAt(LogPosition.ZERO).extend(1, 1);
    LogEntry later = new LogEntry(1, 1, 5, EntryKind.NO_OP, Payload.EMPTY);
    assertThat(violated(() -> safety.replayed(one, terms, written(later))))
        .isEqualTo(Property.REPLAY);
  }

  @Test
  void leaderWithoutTheVotesOfAMajority_electedByQuorum() {
    safety = safety();
    one = new FakeReplica(1, alone(ONE, TWO), 0);
    Safety blind = safety();
    one.electItself(safety);
    assertThat(violated(() -> blind.stepped(one))).isEqualTo(Property.ELECTED_BY_QUORUM);
  }

  @Test
  void voteForAShorterLog_electionRestriction() {
    Safety voters =
        new Safety(Configuration.ofVoters(List.of(ONE, TWO)), List.of(one, two), requests);
    assertThat(violated(() -> voters.promises().leaves(one, TWO, new PreVoteResponse(2, true))))
        .isEqualTo(Property.ELECTION_RESTRICTION);
    PreVoteRequest asked = new PreVoteRequest(2, new LogPosition(1, 1));
    assertThat(violated(() -> voters.promises().leaves(two, ONE, asked))).isNull();
    assertThat(violated(() -> voters.promises().leaves(one, TWO, new PreVoteResponse(2, true))))
        .isNull();
  }

  @Test
  void candidateThatNobodyWants_mandateToCampaign() {
    PreVoteRequest asked = new PreVoteRequest(2, LogPosition.ZERO);
    assertThat(violated(() -> safety.promises().leaves(two, ONE, asked)))
        .isEqualTo(Property.MANDATE_TO_CAMPAIGN); // a learner
    two.core().receive(ONE, new Heartbeat(7, 0, 1), two.now());
    assertThat(steps(two)).isEqualTo(Property.MANDATE_TO_CAMPAIGN); // a term out of the blue
  }

  @Test
  void readWithoutARoundAfterIt_readConfirmed() {
    Configuration both = Configuration.ofVoters(List.of(ONE, TWO));
    Confirmations confirmations = new Confirmations(both);
    Request read = requests.create(Request.Kind.GET, 0, 0, 0, 0, 0);
    two.core().receive(ONE, new Heartbeat(1, 0, 1), two.now());
    confirmations.leaves(one, new Heartbeat(1, 0, 1), 10);
    confirmations.taken(two, ONE, new Heartbeat(1, 0, 1));
    read.asked(9, 1);
    assertThat(violated(() -> confirmations.confirmed(one, read))).isNull();
    read.asked(10, 1);
    assertThat(violated(() -> confirmations.confirmed(one, read)))
        .isEqualTo(Property.READ_CONFIRMED);
    confirmations.leaves(one, new Heartbeat(1, 0, 2), 11);
    assertThat(violated(() -> confirmations.confirmed(one, read)))
        .isEqualTo(Property.READ_CONFIRMED);
    confirmations.taken(two, ONE, new Heartbeat(1, 0, 2));
    assertThat(violated(() -> confirmations.confirmed(one, read))).isNull();
  }

  @Test
  void readAtAFollower_confirmedInATerm_isServedInTheNext() {
    Configuration both = Configuration.ofVoters(List.of(ONE, TWO));
    Confirmations confirmations = new Confirmations(both);
    Request read = requests.create(Request.Kind.GET, 0, 0, 0, 0, 0);
    read.asked(5, 0);
    confirmations.leaves(one, new Heartbeat(1, 0, 1), 10);
    confirmations.leaves(one, new Heartbeat(2, 0, 1), 20); // leads again
    assertThat(violated(() -> confirmations.confirmed(two, read)))
        .isEqualTo(Property.READ_CONFIRMED);
    confirmations.leaves(one, new Heartbeat(3, 0, 1), 30);
    two.core().receive(ONE, new Heartbeat(3, 0, 1), two.now());
    confirmations.taken(two, ONE, new Heartbeat(3, 0, 1));
    confirmations.leaves(one, new Heartbeat(4, 0, 1), 40);
    assertThat(violated(() -> confirmations.confirmed(two, read))).isNull();
    read.asked(30, 0);
    assertThat(violated(() -> confirmations.confirmed(two, read)))
        .isEqualTo(Property.READ_CONFIRMED);
  }

  @Test
  void staleReadOlderThanItsBound_staleness() {
    Request read = requests.create(Request.Kind.STALE_GET, 0, 0, 0, 0, 0);
    Freshness freshness = safety.freshness(TWO);
    assertThat(violated(() -> freshness.check(two, read, 1_000, 1, 10)))
        .isEqualTo(Property.STALENESS);
    freshness.heard(1, 2, 1, 100); // of a leader that has committed nothing of its own
    assertThat(violated(() -> freshness.check(two, read, 1_000, 1, 110)))
        .isEqualTo(Property.STALENESS);
    freshness.heard(1, 1, 0, 200);
    assertThat(violated(() -> freshness.check(two, read, 1_000, 0, 210)))
        .isEqualTo(Property.STALENESS); // not applied
    assertThat(violated(() -> freshness.check(two, read, 1_000, 1, 1_200))).isNull();
    assertThat(violated(() -> freshness.check(two, read, 1_000, 1, 1_201)))
        .isEqualTo(Property.STALENESS);
  }

  @Test
  void restarted_mayBeginAgain() {
    one.replaceCore(1);
    safety.restarted(one, 0);
    assertThat(steps(one)).isNull();
  }
}
