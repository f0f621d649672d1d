package org.raftactors.cluster;

import org.raftactors.Codecs;
import org.raftactors.StateMachineFactory;

/**
 * What a node runs: the state machine of an application, and how its commands, queries and results
 * are encoded. The same on every node.
 *
 * @param codecs of commands, queries and results
 * @param factory makes the state machine of each partition
 * @param <C> commands
 * @param <Q> queries
 * @param <R> results
 */
public record RaftApplication<C, Q, R>(
    Codecs<C, Q, R> codecs, StateMachineFactory<C, Q, R> factory) {

  /**
   * An application.
   *
   * @param codecs of commands, queries and results
   * @param factory makes the state machine of each partition
   * @param <C> commands
   * @param <Q> queries
   * @param <R> results
   * @return the application
   */
  public static <C, Q, R> RaftApplication<C, Q, R> of(
      Codecs<C, Q, R> codecs, StateMachineFactory<C, Q, R> factory) {
    return new RaftApplication<>(codecs, factory);
  }
}
