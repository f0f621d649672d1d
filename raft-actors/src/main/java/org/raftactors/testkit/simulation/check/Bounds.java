package org.raftactors.testkit.simulation.check;

import org.raftactors.core.CoreSettings;
import org.raftactors.core.Role;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.message.AppendRequest;

/** What one incarnation of a replica may hold in memory, as its settings say. */
public final class Bounds {

  /**
   * A follower whose disk hangs keeps what each of several leaders sends first, before it hears
   * anything from it.
   */
  private static final int LEADERS_DURING_A_WRITE = 8;

  private final CoreSettings settings;
  private final long entry;
  private final long inMemoryMost;
  private final long queuedMost;
  private final long inflightMost;
  private final long proposedMost;

  /** The last index when this replica was last seen leading, and in which term. */
  private long ledTo;

  private long ledTerm;

  /**
   * The bounds of a replica with these settings.
   *
   * @param settings of its core
   */
  public Bounds(CoreSettings settings) {
    this.settings = settings;
    this.entry = settings.maxEntryBytes() + (long) LogEntry.OVERHEAD_BYTES;
    this.inMemoryMost =
        settings.tailBytes()
            + settings.maxApplyBacklogBytes()
            + settings.maxUncommittedBytes()
            + settings.maxInflightBytes()
            + LEADERS_DURING_A_WRITE * (settings.maxAppendBytes() + entry);
    this.queuedMost = settings.maxApplyBacklogBytes() + settings.maxApplyBatchBytes() + entry;
    this.inflightMost = settings.maxInflightBytes() + Math.max(settings.maxAppendBytes(), entry);
    this.proposedMost =
        settings.maxUncommittedBytes() + settings.maxApplyBacklogBytes() + 2 * entry;
  }

  /**
   * Looks at a replica that has just handled an input.
   *
   * @param replica which runs
   * @param queuedBytes what was given to its state machine and is not applied
   * @param proposedBytes the proposals that it has not answered
   * @param reads that it has not answered
   */
  public void check(ReplicaView replica, long queuedBytes, long proposedBytes, int reads) {
    if (queuedBytes > queuedMost) {
      throw exceeded(replica, queuedBytes, "bytes handed over to the state machine", queuedMost);
    }
    long inMemory = replica.log().bytesInMemory();
    if (inMemory > inMemoryMost) {
      throw exceeded(replica, inMemory, "bytes of entries in memory", inMemoryMost);
    }
    if (proposedBytes > proposedMost) {
      throw exceeded(replica, proposedBytes, "bytes of proposals that wait", proposedMost);
    }
    int readsMost = 2 * settings.maxPendingReads();
    if (reads > readsMost) {
      throw exceeded(replica, reads, "reads that wait", readsMost);
    }
    checkUncommitted(replica);
  }

  /** What a leader takes in; what it inherits was taken in by others. */
  private void checkUncommitted(ReplicaView replica) {
    if (replica.core().role() != Role.LEADER) {
      ledTerm = 0;
      return;
    }
    long last = replica.log().lastIndex();
    long term = replica.core().hardState().term();
    if (term == ledTerm && last > ledTo) {
      long commit = replica.core().commitIndex();
      long bytes = replica.log().bytesBetween(commit, last);
      if (bytes > settings.maxUncommittedBytes() && last - commit > 1) {
        throw exceeded(
            replica, bytes, "bytes of uncommitted entries", settings.maxUncommittedBytes());
      }
    }
    ledTerm = term;
    ledTo = last;
  }

  /**
   * An append leaves.
   *
   * @param replica who sends it
   * @param to the receiver
   * @param append the message
   */
  public void check(ReplicaView replica, ReplicaId to, AppendRequest append) {
    long bytes = 0;
    for (int i = 0; i < append.entries().size(); i++) {
      bytes += append.entries().get(i).sizeBytes();
    }
    if (bytes > settings.maxAppendBytes() && append.entries().size() > 1) {
      throw exceeded(replica, bytes, "bytes in one append", settings.maxAppendBytes());
    }
    long inflight = replica.core().inflightBytes(to);
    if (inflight > inflightMost) {
      throw exceeded(
          replica, inflight, "bytes sent to " + to + " and not acknowledged", inflightMost);
    }
  }

  private static Violation exceeded(ReplicaView replica, long held, String what, long most) {
    return new Violation(
        Property.BOUNDED_MEMORY,
        replica.id() + " holds " + held + " " + what + ", at most " + most + " expected");
  }
}
