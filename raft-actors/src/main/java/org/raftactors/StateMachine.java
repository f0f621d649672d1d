package org.raftactors;

import java.io.IOException;

/**
 * The application's deterministic state machine: one instance for each replica, driven by the
 * partition's log. The same commands in the same order must lead to the same state and the same
 * results on every replica: no clock (use {@link ApplyContext#timestamp()}), no randomness (use
 * {@link ApplyContext#random()}), no iteration over hashed collections that reaches a result, no
 * I/O.
 *
 * <p>All methods are called by one thread at a time, with a happens-before edge between the calls:
 * a slow query holds up the commands behind it. A method that throws, other than {@link #query},
 * stops the replica: it answers nothing more, keeps its files, and is not started again by itself.
 * So a command that cannot be obeyed is answered with a result that says so, on every replica.
 *
 * <p>From time to time the state is written down as a snapshot, which replaces the log before it: a
 * restart begins with it, and a replica that is new or was away for long receives it. A command
 * that is applied while a snapshot is being taken or written waits only for {@link #snapshot}.
 *
 * @param <C> commands
 * @param <Q> queries
 * @param <R> results
 */
public interface StateMachine<C, Q, R> {

  /**
   * Applies a committed command. Called in log order, exactly once in the life of a state.
   *
   * @param context where and when the command stands in the log; valid during the call only
   * @param command the decoded command
   * @return the result, which goes to the proposer if it waits at this replica; null only if the
   *     result codec knows null. What that codec refuses is lost to the proposer, who gets {@link
   *     UnknownReason#RESULT_LOST}
   */
  R apply(ApplyContext context, C command);

  /**
   * Answers a query from the applied state, which it must not change. If this throws a {@link
   * RuntimeException}, the read is rejected as {@link RejectReason#UNAVAILABLE}, and the replica
   * goes on.
   *
   * @param query the decoded query
   * @return the answer; null only if the result codec knows null
   */
  R query(Q query);

  /**
   * Takes a view of the state as it is now, which another thread then writes down while this state
   * machine goes on. Commands and queries wait for this method, so it should take well below a
   * millisecond, whatever the size of the state:
   *
   * <ul>
   *   <li>A small state is copied, or turned into bytes with {@link SnapshotView#of}.
   *   <li>A state in immutable (persistent) collections is handed over as it is: take the
   *       reference.
   *   <li>A large state in ordinary collections is frozen: from now on until {@link
   *       SnapshotView#close}, changes go into a second, small collection in front of it, where
   *       they are looked up first; afterwards they are moved over, a few with each command. The
   *       example {@code FrozenMap} of the key-value service does that.
   *   <li>A state in storage of its own uses what that storage offers, such as a checkpoint or a
   *       read transaction.
   * </ul>
   *
   * <p>Copying a large state here, or guarding it with a lock that the writing thread holds, stops
   * the partition for as long.
   *
   * <p>A state machine that is never to have snapshots throws {@link
   * UnsupportedOperationException}: its log then grows for ever, is applied from its beginning
   * after each restart, and no replica can be added once that is too long. If this throws another
   * {@link RuntimeException}, the attempt is reported as failed and made again later; the replica
   * goes on.
   *
   * @return the view; no other is taken before it is closed
   */
  SnapshotView snapshot();

  /**
   * Takes over a state instead of its own. Called on an instance that has applied nothing yet, at
   * the start of a replica or when it has got a snapshot from its leader; then commands follow,
   * from {@link SnapshotReader#index()} on. It may take as long as it needs and block: it runs on a
   * thread for that, while nothing else is called.
   *
   * <p>If the stream throws, the snapshot is damaged: the exception must come out of this method,
   * the instance is thrown away, and a fresh one gets an older snapshot. So a state machine with
   * storage of its own must make the new state valid as the last step, at once and durably, and
   * answer {@link #durableIndex()} with the snapshot's index only after that; a half restored state
   * counts as 0.
   *
   * @param in the state
   * @throws IOException as the stream threw it
   */
  void restore(SnapshotReader in) throws IOException;

  /**
   * Called after the last command of a batch, before its proposers are answered: the place to flush
   * once for many commands.
   *
   * @param index the log index of the batch's last entry
   */
  default void endBatch(long index) {}

  /**
   * For a state machine with durable storage of its own: how far it has got. Entries up to there
   * are not applied again after a restart. It must never claim more than the log holds.
   *
   * @return a log index, 0 for a state machine that starts empty
   */
  default long durableIndex() {
    return 0;
  }
}
