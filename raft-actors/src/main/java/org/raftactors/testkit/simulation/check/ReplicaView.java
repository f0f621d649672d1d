package org.raftactors.testkit.simulation.check;

import org.raftactors.core.RaftCore;
import org.raftactors.core.log.RaftLog;
import org.raftactors.core.membership.ReplicaId;

/** What the checks see of a replica. */
public interface ReplicaView {

  /** {@return its number, from 0} */
  int index();

  /** {@return its name} */
  ReplicaId id();

  /** {@return whether it has a core} */
  boolean isRunning();

  /** {@return the core; only while it runs} */
  RaftCore core();

  /** {@return the core's log, not to be changed; only while it runs} */
  RaftLog log();

  /** {@return what is on its disk} */
  DurableImage durable();
}
