package org.raftactors.testkit.simulation.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.raftactors.testkit.simulation.check.FakeReplica.violated;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.raftactors.core.log.EntryKind;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.membership.Configuration;
import org.raftactors.core.membership.ReplicaId;

/** What clients are told, what is in the logs, who voted: one fact at a time. */
class OutcomesTest {

  private static final int BUDGET = 10_000;

  private final Requests requests = new Requests();
  private final Facts facts = new Facts(requests);

  private Request put(long value) {
    return requests.create(Request.Kind.PUT, 0, 0, value, 0, 0);
  }

  private static LogEntry entry(long index, long term, Request request) {
    return new LogEntry(index, term, 0, EntryKind.COMMAND, RegisterCommand.encode(request));
  }

  private void see(LogPosition previous, LogEntry entry) {
    facts.see(previous, List.of(entry));
  }

  @Test
  void twoEntriesAtOnePosition_logMatching() {
    see(LogPosition.ZERO, entry(1, 1, put(1)));
    LogEntry other = entry(1, 1, put(2));
    assertThat(violated(() -> see(LogPosition.ZERO, other))).isEqualTo(Property.LOG_MATCHING);
  }

  @Test
  void oneEntryAfterTwoOthers_logMatching() {
    LogEntry entry = entry(2, 2, put(1));
    see(new LogPosition(1, 1), entry);
    assertThat(violated(() -> see(new LogPosition(1, 1), entry))).isNull();
    assertThat(violated(() -> see(new LogPosition(1, 2), entry))).isEqualTo(Property.LOG_MATCHING);
  }

  @Test
  void twoAnswers_oneAnswer() {
    Request request = put(1);
    requests.unknown(request);
    assertThat(violated(() -> requests.rejected(request, -1))).isEqualTo(Property.ONE_ANSWER);
  }

  @Test
  void rejectedAndInALog_proposalOutcome() {
    Request before = put(1);
    see(LogPosition.ZERO, entry(1, 1, before));
    assertThat(violated(() -> requests.rejected(before, -1))).isEqualTo(Property.PROPOSAL_OUTCOME);
    Request after = put(2);
    requests.rejected(after, -1);
    LogEntry late = entry(2, 1, after);
    assertThat(violated(() -> see(new LogPosition(1, 1), late)))
        .isEqualTo(Property.PROPOSAL_OUTCOME);
  }

  @Test
  void answeredWithTheEntryOfAnother_proposalOutcome() {
    Request mine = put(1);
    LogEntry others = entry(1, 1, put(2));
    assertThat(violated(() -> requests.committed(mine, others, 1)))
        .isEqualTo(Property.PROPOSAL_OUTCOME);
  }

  @Test
  void appliedTwice_proposalOutcome() {
    Request request = put(1);
    requests.applied(entry(1, 1, request));
    LogEntry again = entry(2, 1, request);
    assertThat(violated(() -> requests.applied(again))).isEqualTo(Property.PROPOSAL_OUTCOME);
  }

  @Test
  void twoVotesInATerm_oneVotePerTerm() {
    FakeReplica voter = new FakeReplica(1, Configuration.ofVoters(List.of(new ReplicaId(1))), 0);
    Ballots ballots = new Ballots(Configuration.ofVoters(List.of(new ReplicaId(1))));
    ballots.votes(voter, new ReplicaId(1), 100);
    ballots.votes(voter, new ReplicaId(1), 100);
    assertThat(violated(() -> ballots.votes(voter, new ReplicaId(2), 100)))
        .isEqualTo(Property.ONE_VOTE_PER_TERM);
  }

  @Test
  void moreThanItMayHold_boundedMemory() {
    FakeReplica replica = new FakeReplica(1, Configuration.ofVoters(List.of(new ReplicaId(1))), 0);
    assertThat(violated(() -> new Bounds(FakeReplica.SETTINGS).check(replica, 0, 0, 200))).isNull();
    assertThat(violated(() -> new Bounds(FakeReplica.SETTINGS).check(replica, 0, 0, 201)))
        .isEqualTo(Property.BOUNDED_MEMORY);
  }

  @Test
  void readOfTheFuture_notLinearizable() {
    ClientHistory history = new ClientHistory();
    Request read = requests.create(Request.Kind.GET, 0, 0, 0, 0, 0);
    requests.done(read, 7);
    history.completed(read, 1, 2);
    Request write = put(7);
    requests.done(write, 1);
    history.completed(write, 3, 4);
    assertThat(violated(() -> history.check(BUDGET))).isEqualTo(Property.LINEARIZABILITY);
  }

  @Test
  void openWriteThatIsRead_linearizable() {
    ClientHistory history = new ClientHistory();
    history.open(put(7), 1);
    Request read = requests.create(Request.Kind.GET, 0, 0, 0, 0, 0);
    requests.done(read, 7);
    history.completed(read, 3, 4);
    Request swap = requests.create(Request.Kind.CAS, 0, 0, 8, 5, 0);
    requests.done(swap, 0);
    history.completed(swap, 5, 6);
    assertThat(violated(() -> history.check(BUDGET))).isNull();
    assertThat(history.gaveUp()).isFalse();
  }
}
