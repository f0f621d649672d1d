package org.raftactors.core.election;

import java.util.HashSet;
import java.util.Set;
import org.raftactors.core.membership.Configuration;
import org.raftactors.core.membership.Quorum;
import org.raftactors.core.membership.ReplicaId;

/** The grants of one candidacy. Who grants twice counts once; who is no voter counts nothing. */
public final class VoteTally {

  private final Set<ReplicaId> granted = new HashSet<>();

  /** Forgets the grants of an earlier candidacy. */
  public void reset() {
    granted.clear();
  }

  /**
   * Notes a grant.
   *
   * @param voter who granted
   */
  public void grant(ReplicaId voter) {
    granted.add(voter);
  }

  /**
   * Whether a majority has granted.
   *
   * @param configuration the counter's own configuration
   * @return true if the candidacy is won
   */
  public boolean isWonIn(Configuration configuration) {
    return Quorum.reached(configuration, granted::contains);
  }
}
