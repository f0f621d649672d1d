package org.raftactors.codec;

import org.apache.pekko.actor.typed.ActorRef;
import org.raftactors.RaftPartition;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.log.Payload;
import org.raftactors.core.membership.ReplicaId;

/**
 * What the sender and the receiver of a snapshot say to each other, with both ends named as in
 * {@link PeerMessage}. Any of it may be lost, doubled or late. The receiver asks for what it has
 * room for, and asks again for what did not come.
 *
 * @param group fingerprint of cluster id and partition, see {@link PeerMessage#group}
 * @param from the replica that says it
 * @param to the replica that it is meant for
 * @param body what is said
 */
public record SnapshotMessage(long group, ReplicaId from, ReplicaId to, Body body)
    implements RaftPartition.Command {

  /** What is said. */
  public sealed interface Body {
    /**
     * Which snapshot it is about.
     *
     * @return the first 64 bits of its hash; parts with the same number are parts of the same bytes
     */
    long file();
  }

  /**
   * From a leader, by way of the other replica's stable reference: here is a snapshot.
   *
   * @param file the first 64 bits of its hash
   * @param term of the leader
   * @param position of the snapshot
   * @param sizeBytes of the whole
   * @param hash of it, as 64 hexadecimal digits
   * @param sender whom to ask for it
   */
  public record Offer(
      long file,
      long term,
      LogPosition position,
      long sizeBytes,
      String hash,
      ActorRef<RaftPartition.Command> sender)
      implements Body {

    /**
     * The number of a hash.
     *
     * @param hash at least 16 hexadecimal digits
     * @return the first 64 bits
     */
    public static long fileOf(String hash) {
      return Long.parseUnsignedLong(hash.substring(0, 16), 16);
    }
  }

  /**
   * From the receiver: send these bytes next. With no bytes, a sign of life.
   *
   * @param file which snapshot
   * @param offset of the first byte
   * @param bytes how many
   * @param receiver whom to send them to
   */
  public record Pull(long file, long offset, long bytes, ActorRef<RaftPartition.Command> receiver)
      implements Body {}

  /**
   * From the sender: a part.
   *
   * @param file which snapshot
   * @param offset of its first byte
   * @param data the bytes, with their checksum
   */
  public record Chunk(long file, long offset, Payload data) implements Body {}

  /**
   * From the receiver: no more of this one.
   *
   * @param file which snapshot
   * @param outcome why
   */
  public record Ended(long file, Outcome outcome) implements Body {}

  /** How a transfer ends. */
  public enum Outcome {
    /** The receiver has all of it, checked and durable. */
    DELIVERED,
    /** The receiver has or receives something at least as new. */
    NOT_WANTED,
    /** The node receives as much as it may; to be offered again later. */
    BUSY,
    /** What came, twice, is not what was announced. */
    DAMAGED,
    /** The receiver's store fails. */
    FAILED
  }
}
