package org.raftactors;

import org.apache.pekko.actor.typed.ActorRef;
import org.raftactors.core.log.Payload;

/**
 * Asks a partition's state machine. A linearizable read is served by the leader; a follower obtains
 * the read index from its leader and then serves it too.
 *
 * @param query the encoded query
 * @param level how fresh the answer must be
 * @param resultEncoded whether the reader wants the answer as the bytes of the result codec instead
 *     of as an object
 * @param replyTo gets exactly one answer; an {@code ActorRef<ReadResult<R>>}, or {@code <byte[]>}
 *     if the result is encoded
 */
public record Read(Payload query, ReadLevel level, boolean resultEncoded, ActorRef<?> replyTo)
    implements RaftPartition.Command {

  /**
   * Encodes the query on the caller's thread.
   *
   * @param codec of queries
   * @param query the query
   * @param level how fresh the answer must be
   * @param replyTo gets the answer as an object; if it is on another node, Pekko's serialization
   *     must know the answer's class
   * @param <Q> queries
   * @param <R> results
   * @return the message
   */
  public static <Q, R> Read of(
      Codec<Q> codec, Q query, ReadLevel level, ActorRef<? super ReadResult<R>> replyTo) {
    return new Read(Payload.of(codec.encode(query)), level, false, replyTo);
  }

  /**
   * For a query that is encoded already, from a reader that decodes the answer itself.
   *
   * @param query not to be changed afterwards
   * @param level how fresh the answer must be
   * @param replyTo gets the answer as encoded by the partition's result codec
   * @return the message
   */
  public static Read encoded(
      byte[] query, ReadLevel level, ActorRef<? super ReadResult<byte[]>> replyTo) {
    return new Read(Payload.of(query), level, true, replyTo);
  }
}
