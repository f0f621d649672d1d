package org.raftactors.examples.benchmark;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.raftactors.PartitionId;
import org.raftactors.ProposalResult;
import org.raftactors.Propose;
import org.raftactors.RaftPartition;
import org.raftactors.cluster.RaftNode;

/**
 * Finds out when the replicas of this node commit after a leader has died: each is proposed
 * something again and again, until it leads and the proposal is committed.
 */
final class FirstCommits {

  private static final Duration ASK = Duration.ofSeconds(10);

  private final ActorSystem<?> system;
  private final RaftNode node;
  private final Sample sample = Sample.over(new byte[Sample.MIN_BYTES]).number(0);
  private final Map<PartitionId, Long> committed = new LinkedHashMap<>();

  FirstCommits(ActorSystem<?> system, RaftNode node) {
    this.system = system;
    this.node = node;
  }

  /** By the clock of the machine, which all its processes share. */
  static long epochMicros() {
    Instant now = Instant.now();
    return TimeUnit.SECONDS.toMicros(now.getEpochSecond()) + now.getNano() / 1000;
  }

  /**
   * Proposes once to each replica that has not committed anything of this yet.
   *
   * @return how many partitions have been led to a commit here, and when the first and the last was
   */
  String attempt() throws Exception {
    Map<PartitionId, CompletionStage<ProposalResult<Long>>> open = new LinkedHashMap<>();
    node.partitionIds().stream()
        .filter(id -> !committed.containsKey(id))
        .forEach(id -> open.put(id, propose(id)));
    for (Map.Entry<PartitionId, CompletionStage<ProposalResult<Long>>> each : open.entrySet()) {
      var outcome = each.getValue().toCompletableFuture().get(20, TimeUnit.SECONDS);
      if (outcome instanceof ProposalResult.Committed) {
        committed.put(each.getKey(), epochMicros());
      }
    }
    long first = committed.values().stream().mapToLong(Long::longValue).min().orElse(0);
    long last = committed.values().stream().mapToLong(Long::longValue).max().orElse(0);
    return "tried " + committed.size() + " " + first + " " + last;
  }

  private CompletionStage<ProposalResult<Long>> propose(PartitionId id) {
    return AskPattern.<RaftPartition.Command, ProposalResult<Long>>ask(
        node.partition(id).orElseThrow(),
        replyTo -> Propose.of(Sample.CODEC, sample, replyTo),
        ASK,
        system.scheduler());
  }
}
