package org.raftactors;

import org.apache.pekko.actor.typed.ActorRef;
import org.raftactors.codec.CborMessage;

/**
 * Asks a replica how it is. Answered in every state, also while it restores or after it stopped.
 *
 * @param replyTo gets the status
 */
public record Describe(ActorRef<PartitionStatus> replyTo)
    implements RaftPartition.Command, CborMessage {}
