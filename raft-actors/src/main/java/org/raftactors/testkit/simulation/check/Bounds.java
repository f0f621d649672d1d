package org.raftactors.testkit.simulation.check;

import org.raftactors.core.CoreSettings;
import org.raftactors.core.CoreStatus;
import org.raftactors.core.Role;
import org.raftactors.core.log.LogEntry;

/** What a replica may hold in memory, as its settings say. */
public final class Bounds {

  /**
   * A follower whose disk hangs keeps what each of several leaders sends first, before it hears
   * anything from it.
   */
  private static final int LEADERS_DURING_A_WRITE = 8;

  private final CoreSettings settings;
  private final long entry;

  /**
   * The bounds of all replicas with these settings.
   *
   * @param settings of their cores
   */
  public Bounds(CoreSettings settings) {
    this.settings = settings;
    this.entry = settings.maxEntryBytes() + (long) LogEntry.OVERHEAD_BYTES;
  }

  /**
   * Looks at one replica that has just handled an input.
   *
   * @param replica running or not
   * @param queuedBytes what was given to its state machine and is not applied
   */
  public void check(ReplicaView replica, long queuedBytes) {
    if (!replica.isRunning()) {
      return;
    }
    require(
        replica,
        "handed over to the state machine",
        queuedBytes,
        settings.maxApplyBacklogBytes() + settings.maxApplyBatchBytes() + entry);
    require(
        replica,
        "entries in memory",
        replica.log().bytesInMemory(),
        settings.tailBytes()
            + settings.maxApplyBacklogBytes()
            + settings.maxUncommittedBytes()
            + settings.maxInflightBytes()
            + LEADERS_DURING_A_WRITE * (settings.maxAppendBytes() + entry));
    if (replica.core().role() == Role.LEADER) {
      for (CoreStatus.Peer peer : replica.core().status().peers()) {
        require(
            replica,
            "sent to " + peer.replica() + " and not acknowledged",
            peer.inflightBytes(),
            settings.maxInflightBytes() + Math.max(settings.maxAppendBytes(), entry));
      }
    }
  }

  static void require(ReplicaView replica, String what, long bytes, long most) {
    if (bytes > most) {
      throw new Violation(
          Property.BOUNDED_MEMORY,
          replica.id() + " holds " + bytes + " bytes " + what + ", at most " + most + " expected");
    }
  }
}
