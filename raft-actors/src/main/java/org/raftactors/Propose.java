package org.raftactors;

import org.apache.pekko.actor.typed.ActorRef;
import org.raftactors.core.log.Payload;

/**
 * Asks a partition to replicate and apply a command. Send it to the leader's {@link RaftPartition};
 * any other replica rejects it and names the leader.
 *
 * <p>Commands that one sender proposes to one partition are applied in the order sent, until the
 * first {@link ProposalResult.Rejected} or {@link ProposalResult.Unknown}.
 *
 * @param command the encoded command
 * @param resultEncoded whether the proposer wants the result as the bytes of the result codec
 *     instead of as an object
 * @param replyTo gets exactly one answer; an {@code ActorRef<ProposalResult<R>>}, or {@code
 *     <byte[]>} if the result is encoded
 */
public record Propose(Payload command, boolean resultEncoded, ActorRef<?> replyTo)
    implements RaftPartition.Command {

  /**
   * Encodes the command on the caller's thread.
   *
   * @param codec of commands
   * @param command the command
   * @param replyTo gets the result as an object; if it is on another node, Pekko's serialization
   *     must know the result's class
   * @param <C> commands
   * @param <R> results
   * @return the message
   */
  public static <C, R> Propose of(
      Codec<C> codec, C command, ActorRef<? super ProposalResult<R>> replyTo) {
    return new Propose(Payload.of(codec.encode(command)), false, replyTo);
  }

  /**
   * For a command that is encoded already, from a proposer that decodes the result itself.
   *
   * @param command not to be changed afterwards
   * @param replyTo gets the result as encoded by the partition's result codec
   * @return the message
   */
  public static Propose encoded(byte[] command, ActorRef<? super ProposalResult<byte[]>> replyTo) {
    return new Propose(Payload.of(command), true, replyTo);
  }
}
