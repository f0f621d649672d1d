package org.raftactors.examples.kv;

import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.cluster.ClusterEvent.CurrentClusterState;
import org.apache.pekko.cluster.typed.Cluster;
import org.raftactors.PartitionId;
import org.raftactors.PartitionStatus;
import org.raftactors.ProposalResult;
import org.raftactors.RaftPartition;
import org.raftactors.Read;
import org.raftactors.ReadLevel;
import org.raftactors.ReadResult;
import org.raftactors.RejectReason;
import org.raftactors.SnapshotResult;
import org.raftactors.cluster.NodeHealth;
import org.raftactors.cluster.NodeId;
import org.raftactors.cluster.RaftClient;
import org.raftactors.cluster.RaftNode;
import org.raftactors.cluster.StorageStatus;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.persistence.rocksdb.ScrubReport;

/** A real node behind the routes. */
final class RaftBackend implements KvBackend {

  /** How long the replica on this node may take to answer a digest. */
  private static final Duration LOCAL = Duration.ofSeconds(10);

  /** How long a snapshot may take until it is answered that nobody knows; less than HTTP's own. */
  private static final Duration SNAPSHOT = Duration.ofSeconds(25);

  /** How long one partition may take to write a snapshot for a backup, however large it is. */
  private static final Duration BACKUP = Duration.ofMinutes(30);

  /** Takes a replica as it is. */
  private static final ReadLevel HOWEVER_OLD = ReadLevel.stale(Duration.ofDays(36_500));

  private final ActorSystem<?> system;
  private final RaftNode node;
  private final RaftClient<KvCommand, KvQuery, KvResult> client;
  private final Duration deadline;

  RaftBackend(
      ActorSystem<?> system,
      RaftNode node,
      RaftClient<KvCommand, KvQuery, KvResult> client,
      Duration deadline) {
    this.system = system;
    this.node = node;
    this.client = client;
    this.deadline = deadline;
  }

  @Override
  public CompletionStage<ProposalResult<KvResult>> propose(KvCommand command) {
    return client.propose(command.key(), command, deadline);
  }

  @Override
  public CompletionStage<ReadResult<KvResult>> read(String key, ReadLevel level) {
    return client.read(key, new KvQuery.Get(key), level, deadline);
  }

  /** Not by the client, which would ask another replica if this one does not answer. */
  @Override
  public CompletionStage<ReadResult<KvResult>> digest(PartitionId partition) {
    Optional<ActorRef<RaftPartition.Command>> replica = node.partition(partition);
    if (replica.isEmpty()) {
      return CompletableFuture.completedStage(
          new ReadResult.Rejected<>(RejectReason.RESTORING, Optional.empty(), Duration.ZERO));
    }
    return AskPattern.ask(
        replica.get(),
        replyTo -> Read.of(KvCodecs.ALL.query(), new KvQuery.Digest(), HOWEVER_OLD, replyTo),
        LOCAL,
        system.scheduler());
  }

  @Override
  public List<PartitionId> partitionIds() {
    return node.partitionIds();
  }

  @Override
  public CompletionStage<List<PartitionStatus>> partitions() {
    return node.partitions();
  }

  @Override
  public CompletionStage<SnapshotResult> takeSnapshot(PartitionId partition) {
    return node.takeSnapshot(partition, SNAPSHOT);
  }

  @Override
  public InputStream backup() {
    return node.backup(BACKUP);
  }

  @Override
  public String node() {
    return node.id().value();
  }

  @Override
  public String nodeOf(PartitionId partition, ReplicaId replica) {
    return node.nodeOf(partition, replica).map(NodeId::value).orElse(replica.toString());
  }

  @Override
  public List<Member> members() {
    CurrentClusterState state = Cluster.get(system).state();
    Set<org.apache.pekko.cluster.Member> unreachable = state.getUnreachable();
    return StreamSupport.stream(state.getMembers().spliterator(), false)
        .map(
            member ->
                new Member(
                    member.address().toString(),
                    member.status().toString().toLowerCase(Locale.ROOT),
                    !unreachable.contains(member)))
        .toList();
  }

  @Override
  public Optional<StorageStatus> storage() {
    return node.storage();
  }

  @Override
  public CompletionStage<ScrubReport> scrub() {
    return node.scrub();
  }

  @Override
  public CompletionStage<NodeHealth> health() {
    return node.health();
  }
}
