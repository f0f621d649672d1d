package org.raftactors.cluster;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.raftactors.Codec;
import org.raftactors.Codecs;
import org.raftactors.PartitionId;
import org.raftactors.ProposalResult;
import org.raftactors.ReadLevel;
import org.raftactors.ReadResult;
import org.raftactors.cluster.client.ClientEngine;

/**
 * Proposes commands to the partitions of their keys, and reads, from any node: it finds the leader,
 * follows it, and tries again what is safe to try again until the request's deadline. Obtained from
 * {@link RaftNode#client}; made once and used by many threads.
 *
 * <p><b>Outcomes.</b> Each stage completes by its deadline, with a value. {@code Committed} means
 * that the command is durable on a majority and was applied; {@code Rejected} that it never will
 * be; {@code Unknown} that it may have been applied, may still be, or never. A proposal is sent
 * again only after a rejection, never after an unknown outcome. A read changes nothing and is tried
 * again after either. What a codec throws is thrown where it encodes, and fails the stage where it
 * decodes.
 *
 * <p><b>Order.</b> The commands that one client proposes to one partition are applied in the order
 * in which {@code propose} was called, until a replica rejects one, as it does when leadership
 * moves or the leader is overloaded, or the outcome of one is unknown. What is under way is then
 * waited for, and what was rejected is sent again in the old order, but behind what was sent after
 * it and was not rejected. Who needs an order in every case waits for one outcome before the next
 * proposal. Nothing is promised about the order of reads and proposals that are under way at the
 * same time.
 *
 * <p><b>Batches.</b> There is no need to gather commands: one that is proposed while none is under
 * way to its partition is sent at once; those that are proposed meanwhile leave in few messages, of
 * up to half of {@code raft-actors.partition.max-entry-bytes}. Each has its own outcome.
 *
 * <p><b>Bounds.</b> Requests beyond {@code raft-actors.node.client.max-in-flight} are rejected as
 * overloaded; commands and queries beyond {@code raft-actors.partition.max-entry-bytes} as too
 * large. A result must fit a frame of Pekko's remoting ({@code
 * pekko.remote.artery.advanced.maximum-frame-size}): a larger one does not reach another node, and
 * its request ends as if it had not been answered.
 *
 * <p>Callbacks on the stages run on the actor system's default dispatcher and must not block.
 *
 * @param <C> commands
 * @param <Q> queries
 * @param <R> results
 */
public final class RaftClient<C, Q, R> {

  private static final Duration LONGEST = Duration.ofDays(1);

  private final RaftNode node;
  private final ClientEngine engine;
  private final Codecs<C, Q, R> codecs;
  private final Duration deadline;

  RaftClient(RaftNode node, ClientEngine engine, Codecs<C, Q, R> codecs, Duration deadline) {
    this.node = node;
    this.engine = engine;
    this.codecs = codecs;
    this.deadline = deadline;
  }

  /**
   * Proposes a command, with the deadline of {@code raft-actors.node.client.deadline}.
   *
   * @param key decides about the partition
   * @param command the command, encoded on the calling thread
   * @return the outcome
   */
  public CompletionStage<ProposalResult<R>> propose(String key, C command) {
    return propose(key, command, deadline);
  }

  /**
   * Proposes a command.
   *
   * @param key decides about the partition
   * @param command the command, encoded on the calling thread
   * @param within until when there must be an outcome: more than zero; a day at most counts
   * @return the outcome
   */
  public CompletionStage<ProposalResult<R>> propose(String key, C command, Duration within) {
    byte[] bytes = codecs.command().encode(command);
    return engine
        .propose(node.partitionFor(key), bytes, checked(within))
        .thenApply(result -> decoded(result));
  }

  /**
   * Reads, with the deadline of {@code raft-actors.node.client.deadline}.
   *
   * @param key decides about the partition
   * @param query the query, encoded on the calling thread
   * @param level how fresh the answer must be
   * @return the answer, or why there is none
   */
  public CompletionStage<ReadResult<R>> read(String key, Q query, ReadLevel level) {
    return read(key, query, level, deadline);
  }

  /**
   * Reads.
   *
   * @param key decides about the partition
   * @param query the query, encoded on the calling thread
   * @param level how fresh the answer must be
   * @param within until when there must be an outcome: more than zero; a day at most counts
   * @return the answer, or why there is none
   */
  public CompletionStage<ReadResult<R>> read(
      String key, Q query, ReadLevel level, Duration within) {
    return read(node.partitionFor(key), query, level, within);
  }

  /**
   * Reads from a partition that the caller has chosen.
   *
   * @param partition one of the node's partitions
   * @param query the query, encoded on the calling thread
   * @param level how fresh the answer must be
   * @param within until when there must be an outcome: more than zero; a day at most counts
   * @return the answer, or why there is none
   */
  public CompletionStage<ReadResult<R>> read(
      PartitionId partition, Q query, ReadLevel level, Duration within) {
    if (!node.has(partition)) {
      throw new IllegalArgumentException(
          "partition " + partition + " is none of " + node.partitionIds());
    }
    byte[] bytes = codecs.query().encode(query);
    return engine
        .read(partition, bytes, level, checked(within))
        .thenApply(result -> decoded(result));
  }

  private static Duration checked(Duration within) {
    if (within.isZero() || within.isNegative()) {
      throw new IllegalArgumentException("deadline " + within + " must be more than zero");
    }
    return within.compareTo(LONGEST) > 0 ? LONGEST : within;
  }

  private ProposalResult<R> decoded(ProposalResult<byte[]> result) {
    if (result instanceof ProposalResult.Committed<byte[]> committed) {
      return new ProposalResult.Committed<>(decoded(committed.result()), committed.token());
    }
    if (result instanceof ProposalResult.Rejected<byte[]> rejected) {
      return new ProposalResult.Rejected<>(
          rejected.reason(), rejected.leader(), rejected.retryAfter());
    }
    return new ProposalResult.Unknown<>(((ProposalResult.Unknown<byte[]>) result).reason());
  }

  private ReadResult<R> decoded(ReadResult<byte[]> result) {
    if (result instanceof ReadResult.Answered<byte[]> answered) {
      return new ReadResult.Answered<>(decoded(answered.result()), answered.token());
    }
    ReadResult.Rejected<byte[]> rejected = (ReadResult.Rejected<byte[]>) result;
    return new ReadResult.Rejected<>(rejected.reason(), rejected.leader(), rejected.retryAfter());
  }

  private R decoded(byte[] bytes) {
    Codec<R> codec = codecs.result();
    return codec.decode(bytes, 0, bytes.length);
  }
}
