package org.raftactors;

import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.raftactors.core.log.Payload;

/**
 * Asks a partition to replicate and apply commands that come in one message, which costs less than
 * a {@link Propose} for each. Each of them becomes an entry of its own and has an outcome of its
 * own: a batch is no transaction. They are applied in their order, with others between them. From
 * the first one on that is rejected for a reason that may pass, all of the batch are, so that none
 * of it overtakes one that is proposed again; one that is {@link RejectReason#TOO_LARGE} is
 * rejected alone.
 *
 * <p>The answers come in one or more {@link BatchResults}, as the outcomes become known, together
 * exactly one for each command.
 *
 * @param id chosen by the proposer, and told in the answers
 * @param commands the encoded commands, at least one; to fit a frame of remoting they should take,
 *     with 32 bytes for each, no more than {@code raft-actors.partition.max-append-bytes}
 * @param replyTo gets the results as encoded by the partition's result codec
 */
public record ProposeBatch(long id, List<Payload> commands, ActorRef<BatchResults> replyTo)
    implements RaftPartition.Command {

  /**
   * A copy of the list.
   *
   * @param id chosen by the proposer
   * @param commands the encoded commands
   * @param replyTo gets the results
   * @throws IllegalArgumentException if there is no command
   */
  public ProposeBatch {
    commands = List.copyOf(commands);
    if (commands.isEmpty()) {
      throw new IllegalArgumentException("a batch must have at least one command");
    }
  }
}
