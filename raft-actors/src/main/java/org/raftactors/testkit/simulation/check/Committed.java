package org.raftactors.testkit.simulation.check;

import java.util.Arrays;
import java.util.List;
import org.raftactors.core.Role;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.membership.Configuration;
import org.raftactors.core.membership.ReplicaId;

/**
 * What is committed, once and for all: on a majority's disks when it was first, the same for
 * everybody, in the log of every later leader, and applied by all alike.
 */
final class Committed {

  private final Configuration configuration;
  private final List<? extends ReplicaView> replicas;
  private final Requests requests;
  private long[] terms = new long[256];

  /** The term of the leader that was the first to commit an index. */
  private long[] leaderTerms = new long[256];

  /** The hash of everything applied up to an index, 0 if nobody has. */
  private long[] chains = new long[256];

  private long highest;

  Committed(Configuration configuration, List<? extends ReplicaView> replicas, Requests requests) {
    this.configuration = configuration;
    this.replicas = replicas;
    this.requests = requests;
  }

  long highest() {
    return highest;
  }

  /** The term of what is committed at an index, -1 if nothing is known to be. */
  long termAt(long index) {
    return index >= 1 && index <= highest ? terms[(int) index] : -1;
  }

  /** The hash of everything up to an index that was applied. */
  long chainAt(long index) {
    return index < chains.length ? chains[(int) index] : 0;
  }

  /** Whether a position is committed, as far as anybody knows; where all begins always is. */
  boolean has(LogPosition position) {
    return position.equals(LogPosition.ZERO) || termAt(position.index()) == position.term();
  }

  /** The term at an index of a running replica's log, or of what is committed below its base. */
  long termIn(ReplicaView replica, long index) {
    return index >= replica.log().terms().baseIndex()
        ? replica.log().termAt(index)
        : Math.max(0, termAt(index));
  }

  /** Whether an entry is on a replica's disk: in its log, or in what that stands on. */
  boolean isDurable(ReplicaView replica, long index, long term) {
    boolean isBelow = index > 0 && index < replica.durable().base().index();
    return isBelow ? termAt(index) == term : replica.durable().holds(index, term);
  }

  /** A replica's commit index has moved. */
  void advance(ReplicaView replica, long from, long to, long leaderTerm) {
    if (to > highest) {
      checkQuorum(replica, to, leaderTerm);
      grow(to);
    }
    // What lies below the base was judged with the base.
    for (long index = Math.max(from + 1, replica.log().terms().baseIndex()); index <= to; index++) {
      long term = replica.log().termAt(index);
      int at = (int) index;
      if (index > highest) {
        terms[at] = term;
        leaderTerms[at] = leaderTerm;
      } else if (terms[at] != term) {
        throw new Violation(
            Property.COMMITTED_IMMUTABLE,
            replica.id()
                + " commits "
                + replica.log().positionAt(index)
                + ", committed there is term "
                + terms[at]);
      }
    }
    if (to > highest) {
      long before = highest;
      highest = to;
      checkLaterLeaders(before, leaderTerm);
    }
  }

  private void checkQuorum(ReplicaView replica, long index, long leaderTerm) {
    long term = replica.log().termAt(index);
    if (replica.core().role() != Role.LEADER || term != leaderTerm) {
      throw new Violation(
          Property.COMMITTED_ON_DURABLE_QUORUM,
          replica.id()
              + ", "
              + replica.core().role()
              + " of term "
              + leaderTerm
              + ", is the first to commit "
              + replica.log().positionAt(index));
    }
    int durable = 0;
    for (ReplicaId voter : configuration.voters()) {
      if (isDurable(replicas.get((int) voter.value() - 1), index, term)) {
        durable++;
      }
    }
    if (2 * durable <= configuration.voters().size()) {
      throw new Violation(
          Property.COMMITTED_ON_DURABLE_QUORUM,
          replica.id()
              + " commits "
              + replica.log().positionAt(index)
              + ", which is durable at "
              + durable
              + " of "
              + configuration.voters().size()
              + " voters");
    }
  }

  /** Late votes may elect a leader of a term that others have left behind, and committed in. */
  private void checkLaterLeaders(long from, long leaderTerm) {
    for (ReplicaView other : replicas) {
      if (other.isRunning()
          && other.core().role() == Role.LEADER
          && other.core().hardState().term() > leaderTerm) {
        checkHas(other, from);
      }
    }
  }

  void elected(ReplicaView leader, long term) {
    long from = 0;
    long to = highest;
    while (to > 0 && leaderTerms[(int) to] >= term) {
      to--;
    }
    checkHas(leader, from, to, term);
  }

  private void checkHas(ReplicaView leader, long from) {
    checkHas(leader, from, highest, leader.core().hardState().term());
  }

  private void checkHas(ReplicaView leader, long from, long to, long term) {
    long base = leader.log().terms().baseIndex();
    for (long index = Math.max(from + 1, base); index <= to; index++) {
      boolean has =
          index <= leader.log().lastIndex() && leader.log().termAt(index) == terms[(int) index];
      if (!has && leaderTerms[(int) index] < term) {
        throw new Violation(
            Property.LEADER_COMPLETENESS,
            leader.id()
                + " leads term "
                + term
                + " without "
                + index
                + "/"
                + terms[(int) index]
                + ", which is committed");
      }
    }
  }

  /** Returns the chained hash of all that a replica has applied, this entry included. */
  long applied(ReplicaView replica, LogEntry entry, long chainBefore) {
    int index = (int) entry.index();
    if (index > highest || terms[index] != entry.term()) {
      throw new Violation(
          Property.STATE_MACHINE_SAFETY,
          replica.id()
              + " applies "
              + entry.position()
              + ", committed there is "
              + (index > highest ? "nothing" : "term " + terms[index]));
    }
    long chain =
        mix(
                mix(chainBefore, entry.term()),
                (long) entry.payload().crc32c() << 8 | entry.kind().code())
            | 1;
    if (chains[index] == 0) {
      chains[index] = chain;
      requests.applied(entry);
    } else if (chains[index] != chain) {
      throw new Violation(
          Property.STATE_MACHINE_SAFETY,
          replica.id()
              + " applies "
              + requests.describe(entry)
              + " at "
              + entry.position()
              + ", others have applied something else up to there");
    }
    return chain;
  }

  private static long mix(long hash, long value) {
    long mixed = (hash ^ value) * 0x9E3779B97F4A7C15L;
    return mixed ^ mixed >>> 32;
  }

  private void grow(long index) {
    if (index >= terms.length) {
      int size = Math.max((int) index + 1, terms.length * 2);
      terms = Arrays.copyOf(terms, size);
      leaderTerms = Arrays.copyOf(leaderTerms, size);
      chains = Arrays.copyOf(chains, size);
    }
  }
}
