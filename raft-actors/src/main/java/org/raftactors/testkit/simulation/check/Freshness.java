package org.raftactors.testkit.simulation.check;

import java.util.ArrayDeque;
import java.util.Arrays;
import org.raftactors.core.Role;
import org.raftactors.core.membership.Configuration;
import org.raftactors.core.membership.Quorum;
import org.raftactors.core.membership.ReplicaId;

/**
 * What one incarnation of a replica can know about how fresh it is, on its own clock: a follower by
 * its leader's messages that name an index of that leader's own term, once that is applied; a
 * leader by when a majority answered last.
 */
public final class Freshness {

  private static final int HEARD_MAX = 64;

  private record Heard(long commit, long term, long at) {}

  private final ReplicaId self;
  private final Configuration configuration;
  private final Committed committed;
  private final ArrayDeque<Heard> heard = new ArrayDeque<>();

  /** When each member answered this replica as the leader of a term. */
  private final long[] answered;

  private long leads;
  private long freshAt = -1;

  Freshness(ReplicaId self, Configuration configuration, Committed committed) {
    this.self = self;
    this.configuration = configuration;
    this.committed = committed;
    this.answered = new long[configuration.members().size()];
  }

  /**
   * The leader of the present term was heard.
   *
   * @param commit what it says that is committed
   * @param term its term
   * @param machine up to where all is applied here
   * @param now of the own clock
   */
  public void heard(long commit, long term, long machine, long now) {
    Heard last = heard.peekLast();
    if (last != null && last.commit() == commit && last.term() == term) {
      heard.removeLast();
    }
    heard.add(new Heard(commit, term, now));
    if (heard.size() > HEARD_MAX) {
      notice(machine);
    }
  }

  /**
   * A follower has answered, and this replica leads.
   *
   * @param follower who answered
   * @param term which is led
   * @param machine up to where all is applied here
   * @param now of the own clock
   */
  public void answered(ReplicaId follower, long term, long machine, long now) {
    leads(term, machine);
    answered[(int) follower.value() - 1] = now;
  }

  private void leads(long term, long machine) {
    if (leads != term) {
      noticeAnswers(machine);
      leads = term;
      Arrays.fill(answered, -1);
    }
  }

  /** Who answered a leader that had applied an entry of its own knew of nothing newer. */
  private void noticeAnswers(long machine) {
    if (leads > 0 && committed.termAt(machine) >= leads) {
      freshAt = Math.max(freshAt, majorityAnswered());
    }
  }

  private void notice(long machine) {
    heard.removeIf(
        one -> {
          boolean applied = one.commit() <= machine;
          if (applied && committed.termAt(one.commit()) == one.term()) {
            freshAt = Math.max(freshAt, one.at());
          }
          return applied;
        });
  }

  /**
   * A stale read was accepted.
   *
   * @param replica where
   * @param request the read
   * @param bound how old the state may be
   * @param machine up to where all is applied here
   * @param now of the own clock
   */
  public void check(ReplicaView replica, Request request, long bound, long machine, long now) {
    notice(machine);
    noticeAnswers(machine);
    if (replica.core().role() == Role.LEADER && configuration.voters().size() == 1) {
      freshAt = now;
    }
    if (freshAt < 0 || now - freshAt > bound) {
      throw new Violation(
          Property.STALENESS,
          request
              + " may be served by "
              + replica.id()
              + " at "
              + machine
              + " as of the last "
              + bound
              + " ns, but "
              + (freshAt < 0
                  ? "it has never had all that its leader had committed"
                  : "it last had all that its leader had committed "
                      + (now - freshAt)
                      + " ns ago"));
    }
  }

  /**
   * When a majority was last in contact with this replica as a leader.
   *
   * @param term which it leads
   * @param machine up to where all is applied here
   * @return on its own clock, -1 if never, {@link Long#MAX_VALUE} if it is a majority alone
   */
  public long contact(long term, long machine) {
    leads(term, machine);
    return majorityAnswered();
  }

  private long majorityAnswered() {
    return Quorum.highestReached(
        configuration,
        voter -> voter.equals(self) ? Long.MAX_VALUE : answered[(int) voter.value() - 1]);
  }
}
