package org.raftactors;

import org.apache.pekko.actor.typed.ActorRef;
import org.raftactors.codec.CborMessage;

/**
 * Asks a replica for a snapshot of its state machine now, whatever the policy says. Any replica
 * takes one of its own; what it has serves it as it is, and nothing of it is sent to others. Those
 * who ask while one is about to be taken share it.
 *
 * <p>The snapshot is durable and whole when the answer comes. It includes at least what the replica
 * had applied when the request came to it; with {@code upToDate}, everything that was acknowledged
 * to any proposer before the request was sent, as with a linearizable read.
 *
 * @param upToDate whether what was acknowledged anywhere must be in it: the replica then asks the
 *     leader first, and the answer is {@link SnapshotResult.Reason#NO_LEADER} without one
 * @param replyTo gets exactly one answer; none if the process ends
 */
public record TakeSnapshot(boolean upToDate, ActorRef<SnapshotResult> replyTo)
    implements RaftPartition.Command, CborMessage {

  /**
   * Asks for a snapshot of what this replica has applied.
   *
   * @param replyTo gets the answer
   * @return the message
   */
  public static TakeSnapshot asItIs(ActorRef<SnapshotResult> replyTo) {
    return new TakeSnapshot(false, replyTo);
  }

  /**
   * Asks for a snapshot that includes everything that was acknowledged before.
   *
   * @param replyTo gets the answer
   * @return the message
   */
  public static TakeSnapshot upToDate(ActorRef<SnapshotResult> replyTo) {
    return new TakeSnapshot(true, replyTo);
  }
}
