package org.raftactors;

import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.raftactors.codec.CborMessage;
import org.raftactors.core.TransferOutcome;
import org.raftactors.core.membership.ReplicaId;

/**
 * Asks a leader to hand over. It accepts no proposals meanwhile, and goes on if the target has not
 * taken over within an election timeout.
 *
 * @param target the voter to hand over to; empty for the one that is furthest
 * @param replyTo gets the outcome
 */
public record TransferLeadership(Optional<ReplicaId> target, ActorRef<TransferOutcome> replyTo)
    implements RaftPartition.Command, CborMessage {}
