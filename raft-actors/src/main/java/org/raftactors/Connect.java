package org.raftactors;

import org.apache.pekko.actor.typed.ActorRef;
import org.raftactors.codec.CborMessage;
import org.raftactors.core.membership.ReplicaId;

/**
 * Tells a replica where another one is. Needed where the others were not known yet when it was
 * created, and when one moved.
 *
 * @param replica the other replica
 * @param ref its {@link RaftPartition}
 */
public record Connect(ReplicaId replica, ActorRef<RaftPartition.Command> ref)
    implements RaftPartition.Command, CborMessage {}
