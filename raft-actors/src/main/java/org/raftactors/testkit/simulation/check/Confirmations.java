package org.raftactors.testkit.simulation.check;

import java.util.Arrays;
import org.raftactors.core.membership.Configuration;
import org.raftactors.core.membership.Quorum;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.message.Heartbeat;

/**
 * Which heartbeats of each leader its followers have taken: a read counts only if a majority took
 * one that left after the read was asked. Moments are numbers of inputs, so that no two are the
 * same.
 */
public final class Confirmations {

  /** One leader's rounds in its latest term, and how far it got in those before. */
  private static final class Rounds {
    long term;

    /** A read that was confirmed then may have to wait for its state until a later term. */
    long confirmedBefore;

    long[] left = new long[64];

    /** For each replica, when the latest heartbeat left that it took. */
    final long[] taken;

    Rounds(int replicas) {
      taken = new long[replicas];
    }

    void begin(long newTerm, long confirmed) {
      term = newTerm;
      confirmedBefore = Math.max(confirmedBefore, confirmed);
      Arrays.fill(left, 0);
      Arrays.fill(taken, 0);
    }
  }

  private final Configuration configuration;
  private final Rounds[] rounds;

  Confirmations(Configuration configuration) {
    this.configuration = configuration;
    int replicas = configuration.members().size();
    this.rounds = new Rounds[replicas];
    for (int i = 0; i < replicas; i++) {
      rounds[i] = new Rounds(replicas);
    }
  }

  /**
   * A heartbeat leaves.
   *
   * @param leader who sends it
   * @param heartbeat the message
   * @param moment the number of the input that caused it
   */
  public void leaves(ReplicaView leader, Heartbeat heartbeat, long moment) {
    Rounds own = rounds[leader.index()];
    if (own.term != heartbeat.term()) {
      own.begin(heartbeat.term(), confirmed(leader.id()));
    }
    int round = (int) heartbeat.round();
    if (round >= own.left.length) {
      own.left = Arrays.copyOf(own.left, Math.max(round + 1, 2 * own.left.length));
    }
    if (own.left[round] == 0) {
      own.left[round] = moment;
    }
  }

  /**
   * A replica has handled a heartbeat.
   *
   * @param follower who handled it
   * @param leader who sent it
   * @param heartbeat the message
   */
  public void taken(ReplicaView follower, ReplicaId leader, Heartbeat heartbeat) {
    Rounds of = rounds[(int) leader.value() - 1];
    boolean follows = follower.core().hardState().term() == heartbeat.term();
    if (follows && of.term == heartbeat.term()) {
      of.taken[follower.index()] =
          Math.max(of.taken[follower.index()], of.left[(int) heartbeat.round()]);
    }
  }

  /**
   * A core says that a read may be served.
   *
   * @param replica where
   * @param request the read
   */
  public void confirmed(ReplicaView replica, Request request) {
    long askedInTerm = request.askedInTerm();
    boolean own = askedInTerm > 0 && rounds[replica.index()].term == askedInTerm;
    if (own) {
      if (confirmed(replica.id()) > request.asked()) {
        return;
      }
    } else {
      for (ReplicaId leader : configuration.voters()) {
        long before = rounds[(int) leader.value() - 1].confirmedBefore;
        if (Math.max(before, confirmed(leader)) > request.asked()) {
          return;
        }
      }
    }
    throw new Violation(
        Property.READ_CONFIRMED,
        request
            + " may be served by "
            + replica.id()
            + ", but no majority has taken a heartbeat that left after it was asked");
  }

  /** When the latest heartbeat of a leader's present term left that a majority took. */
  private long confirmed(ReplicaId leader) {
    long[] taken = rounds[(int) leader.value() - 1].taken;
    return Quorum.highestReached(
        configuration,
        voter -> voter.equals(leader) ? Long.MAX_VALUE : taken[(int) voter.value() - 1]);
  }
}
