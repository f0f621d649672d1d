package org.raftactors.testkit.actors;

import org.apache.pekko.actor.typed.ActorSystem;
import org.raftactors.PartitionSettings;
import org.raftactors.ReplicaSpec;
import org.raftactors.snapshot.SnapshotStore;
import org.raftactors.snapshot.SnapshotStoreFactory;

/** The store of state machines' snapshots over {@link Disks}. */
public final class SimulatedSnapshotFiles implements SnapshotStoreFactory {

  /** Called by whoever reads the configuration. */
  public SimulatedSnapshotFiles() {}

  @Override
  public SnapshotStore open(ActorSystem<?> system, PartitionSettings settings, ReplicaSpec spec) {
    VirtualScheduler scheduler = (VirtualScheduler) system.classicSystem().scheduler();
    return scheduler.disks().of(spec.persistenceId()).files().open();
  }
}
