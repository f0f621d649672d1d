package org.raftactors.snapshot;

import java.util.List;
import org.raftactors.StateMachine;

/**
 * What came of restoring a state machine.
 *
 * @param <M> the state machine
 */
public sealed interface RestoreOutcome<M extends StateMachine<?, ?, ?>> {

  /**
   * What was found unusable on the way: to be reported, by name.
   *
   * @return perhaps nothing
   */
  List<UnusableSnapshotException> damaged();

  /**
   * It has the state of a snapshot.
   *
   * @param machine has restored it
   * @param snapshot which one
   * @param damaged newer ones that were not usable, and others
   * @param <M> the state machine
   */
  record Restored<M extends StateMachine<?, ?, ?>>(
      M machine, SnapshotInfo snapshot, List<UnusableSnapshotException> damaged)
      implements RestoreOutcome<M> {}

  /**
   * There is no snapshot that can be used. If the log does not reach back to the beginning, the
   * replica needs one from its leader.
   *
   * @param damaged what was not usable
   * @param <M> the state machine
   */
  record NoneUsable<M extends StateMachine<?, ?, ?>>(List<UnusableSnapshotException> damaged)
      implements RestoreOutcome<M> {}
}
