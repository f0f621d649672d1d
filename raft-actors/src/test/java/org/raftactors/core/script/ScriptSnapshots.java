package org.raftactors.core.script;

import java.util.List;
import org.raftactors.core.SavedSnapshot;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.log.SnapshotBase;

/** What the world around the cores does with snapshots: takes them, saves them, ships them. */
final class ScriptSnapshots {

  private ScriptSnapshots() {}

  /** Saves the state of a replica's state machine, and tells its core. */
  static void take(ScriptCluster cluster, ScriptReplica replica, List<String> arguments) {
    long applied = replica.machine().appliedIndex();
    LogPosition position = new LogPosition(applied, replica.termAt(applied));
    SnapshotBase base = new SnapshotBase(position, cluster.configuration());
    replica.disk().save(new ScriptDisk.Snapshot(base, List.copyOf(replica.machine().applied())));
    long tailFrom = replica.log().lastIndex() + 1 - number(arguments, "keep", 0);
    SavedSnapshot saved =
        new SavedSnapshot(
            base,
            number(arguments, "retain", applied),
            tailFrom,
            number(arguments, "followers", 0),
            number(arguments, "cheaper", 0));
    cluster.transcript().outcome(() -> replica.id() + " saved " + position);
    replica.step(core -> core.snapshotSaved(saved, cluster.now()));
  }

  /** The newest snapshot file of one replica is copied to another one, which is told. */
  static void arrive(ScriptCluster cluster, ScriptReplica from, ScriptReplica to) {
    ScriptDisk.Snapshot snapshot = Require.notNull(from.disk().newest(), "snapshot");
    to.disk().save(snapshot);
    long term = from.disk().hardState().term();
    to.step(core -> core.snapshotReceived(term, snapshot.base(), 0, cluster.now()));
  }

  /** The sender hears how it ended. */
  static void sent(ScriptCluster cluster, ScriptReplica from, ScriptReplica to, boolean delivered) {
    ScriptDisk.Snapshot snapshot = Require.notNull(from.disk().newest(), "snapshot");
    long index = snapshot.base().position().index();
    long term = from.status().hardState().term();
    from.step(core -> core.snapshotSent(to.id(), term, index, delivered, cluster.now()));
  }

  private static long number(List<String> arguments, String key, long otherwise) {
    for (String argument : arguments) {
      if (argument.startsWith(key + "=")) {
        return Long.parseLong(argument.substring(key.length() + 1));
      }
    }
    return otherwise;
  }
}
