package org.raftactors.codec;

import java.nio.charset.StandardCharsets;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import org.raftactors.RaftPartition;
import org.raftactors.ReplicaSpec;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.message.RaftMessage;
import org.raftactors.link.LinkAddress;

/**
 * The envelope of everything that one replica says to another. It names both ends, so that a
 * message that reaches a replica of another cluster, of another partition or of another generation
 * is recognized and dropped.
 *
 * @param group fingerprint of cluster id and partition, see {@link #group(ReplicaSpec)}
 * @param from the sending replica
 * @param to the replica that it is meant for
 * @param direct the actor of the sending replica itself, so that answers need not go through its
 *     stable parent; null on messages that are too frequent to carry it
 * @param link where the sender's actor system takes links; null on frequent messages, and if it
 *     does not
 * @param message what is said
 */
public record PeerMessage(
    long group,
    ReplicaId from,
    ReplicaId to,
    @Nullable ActorRef<RaftPartition.Command> direct,
    @Nullable LinkAddress link,
    RaftMessage message)
    implements RaftPartition.Command {

  /**
   * A message that tells nothing about the ways to its sender.
   *
   * @param group as above
   * @param from as above
   * @param to as above
   * @param message what is said
   */
  public PeerMessage(long group, ReplicaId from, ReplicaId to, RaftMessage message) {
    this(group, from, to, null, null, message);
  }

  /**
   * The fingerprint that replicas of one partition share.
   *
   * @param spec any replica of the partition
   * @return 64 bits over cluster id and partition, the same in every process and release
   */
  public static long group(ReplicaSpec spec) {
    long hash = 0xcbf29ce484222325L; // FNV-1a, then mixed with the partition
    for (byte b : spec.clusterId().getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    return EntryFrames.mix(hash ^ EntryFrames.mix(spec.partition().value()));
  }
}
