package org.raftactors.cluster.client;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.typed.ActorSystem;
import org.raftactors.PartitionId;
import org.raftactors.ProposalResult;
import org.raftactors.ReadLevel;
import org.raftactors.ReadResult;
import org.raftactors.RejectReason;
import org.raftactors.cluster.internal.ClientSettings;
import org.raftactors.core.log.Payload;
import org.raftactors.core.membership.ReplicaId;

/** A client in terms of bytes. Used by many threads; each stage that it returns completes. */
public final class ClientEngine {

  /** What a rejection for want of room suggests: some answers will have come by then. */
  private static final Duration RETRY_AFTER = Duration.ofMillis(50);

  private final ClientEnvironment environment;
  private final Map<PartitionId, PartitionClient> partitions = new ConcurrentHashMap<>();
  private final Set<PendingRead> reads = ConcurrentHashMap.newKeySet();
  private final AtomicInteger underWay = new AtomicInteger();
  private volatile boolean closed;

  /**
   * Makes a client.
   *
   * @param maxRequestBytes the largest command or query that a partition accepts
   */
  public ClientEngine(
      ActorSystem<?> system, ClientSettings settings, Routes routes, int maxRequestBytes) {
    this.environment =
        new ClientEnvironment(
            settings,
            routes,
            maxRequestBytes,
            BatchReplies.get(system),
            new Inbox(system.executionContext()),
            system.scheduler(),
            system.executionContext(),
            System.nanoTime());
  }

  /** Proposes a command. The stage never fails. */
  public CompletionStage<ProposalResult<byte[]>> propose(
      PartitionId partition, byte[] command, Duration deadline) {
    Optional<RejectReason> refusal = refusal(command.length);
    if (refusal.isPresent()) {
      return CompletableFuture.completedFuture(
          new ProposalResult.Rejected<>(
              refusal.get(), Optional.empty(), retryAfter(refusal.get())));
    }
    CompletableFuture<ProposalResult<byte[]>> answer =
        partition(partition).propose(command, deadline);
    return answer.whenComplete((result, failure) -> underWay.decrementAndGet());
  }

  /** Reads. The stage never fails. */
  public CompletionStage<ReadResult<byte[]>> read(
      PartitionId partition, byte[] query, ReadLevel level, Duration deadline) {
    Optional<RejectReason> refusal = refusal(query.length);
    if (refusal.isPresent()) {
      return CompletableFuture.completedFuture(
          new ReadResult.Rejected<>(refusal.get(), Optional.empty(), retryAfter(refusal.get())));
    }
    long now = environment.now();
    List<ReplicaId> replicas = environment.routes().replicas(partition);
    PartitionClient client = partition(partition);
    ReplicaId local = environment.routes().local();
    ReplicaId first = level instanceof ReadLevel.Stale ? local : client.leader().orElse(local);
    ReadPlan plan =
        new ReadPlan(
            environment.settings(),
            replicas,
            first,
            environment.random(),
            now + deadline.toNanos());
    PendingRead read =
        new PendingRead(environment, partition, Payload.of(query), level, plan, client::doubt);
    reads.add(read);
    CompletionStage<ReadResult<byte[]>> answer =
        read.answer.whenComplete(
            (result, failure) -> {
              reads.remove(read);
              underWay.decrementAndGet();
            });
    read.start();
    if (closed) {
      reads.forEach(ClientEngine::abandon);
    }
    return answer;
  }

  /** Answers everything that is under way: the node stops. */
  public void close() {
    closed = true;
    partitions.values().forEach(PartitionClient::close);
    reads.forEach(ClientEngine::abandon);
  }

  private static void abandon(PendingRead read) {
    read.answer.complete(
        new ReadResult.Rejected<>(RejectReason.UNAVAILABLE, Optional.empty(), Duration.ZERO));
  }

  private PartitionClient partition(PartitionId id) {
    PartitionClient client =
        partitions.computeIfAbsent(id, each -> new PartitionClient(environment, each));
    if (closed) {
      client.close();
    }
    return client;
  }

  /** Admits a request, or says why not. */
  private Optional<RejectReason> refusal(int bytes) {
    if (closed) {
      return Optional.of(RejectReason.UNAVAILABLE);
    }
    if (bytes > environment.maxRequestBytes()) {
      return Optional.of(RejectReason.TOO_LARGE);
    }
    if (underWay.incrementAndGet() > environment.settings().maxInFlight()) {
      underWay.decrementAndGet();
      return Optional.of(RejectReason.OVERLOADED);
    }
    return Optional.empty();
  }

  private static Duration retryAfter(RejectReason reason) {
    return reason == RejectReason.OVERLOADED ? RETRY_AFTER : Duration.ZERO;
  }
}
