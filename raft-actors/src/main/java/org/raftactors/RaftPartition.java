package org.raftactors;

/** One replica of a partition as an actor. */
public final class RaftPartition {

  private RaftPartition() {}

  /**
   * What a replica understands: {@link Propose}, {@link Read}, {@link Describe}, {@link
   * TransferLeadership}, {@link Connect}, and messages of its own. Not meant to be implemented by
   * applications.
   */
  public interface Command {}
}
