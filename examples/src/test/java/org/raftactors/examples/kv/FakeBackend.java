package org.raftactors.examples.kv;

import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.raftactors.PartitionId;
import org.raftactors.PartitionStatus;
import org.raftactors.ProposalResult;
import org.raftactors.ReadLevel;
import org.raftactors.ReadResult;
import org.raftactors.SnapshotResult;
import org.raftactors.Token;
import org.raftactors.cluster.NodeHealth;
import org.raftactors.cluster.StorageStatus;
import org.raftactors.core.Role;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.persistence.rocksdb.JournalDamage;
import org.raftactors.persistence.rocksdb.ScrubReport;
import org.raftactors.persistence.rocksdb.StorePressure;
import org.raftactors.persistence.rocksdb.StoreVerdict;

/**
 * One replica without replication; answers what a test sets, or else what the state machine says.
 */
final class FakeBackend implements KvBackend {

  private static final ScrubReport SCRUB =
      new ScrubReport(true, 2, 30, 4_000, 4_000, Duration.ofSeconds(1), Map.of());

  final KvStateMachine machine = new KvStateMachine();
  final List<ReadLevel> levels = new ArrayList<>();
  volatile @Nullable CompletionStage<ProposalResult<KvResult>> nextProposal;
  volatile @Nullable CompletionStage<ReadResult<KvResult>> nextRead;
  volatile CompletionStage<SnapshotResult> nextSnapshot =
      CompletableFuture.completedFuture(
          new SnapshotResult.Taken(new SnapshotResult.Stored("7-5", 7, 5, 1_000, "abc")));
  volatile @Nullable InputStream nextBackup;
  volatile boolean ready = true;
  volatile boolean started = true;
  private long index;

  @Override
  public synchronized CompletionStage<ProposalResult<KvResult>> propose(KvCommand command) {
    CompletionStage<ProposalResult<KvResult>> set = nextProposal;
    if (set != null) {
      return set;
    }
    KvResult result = machine.apply(new FixedContext(++index, 5), command);
    return CompletableFuture.completedFuture(new ProposalResult.Committed<>(result, token()));
  }

  @Override
  public synchronized CompletionStage<ReadResult<KvResult>> read(String key, ReadLevel level) {
    levels.add(level);
    CompletionStage<ReadResult<KvResult>> set = nextRead;
    return set != null ? set : query(new KvQuery.Get(key));
  }

  @Override
  public synchronized CompletionStage<ReadResult<KvResult>> digest(PartitionId partition) {
    return query(new KvQuery.Digest());
  }

  private CompletionStage<ReadResult<KvResult>> query(KvQuery query) {
    return CompletableFuture.completedFuture(
        new ReadResult.Answered<>(machine.query(query), token()));
  }

  private Token token() {
    return new Token(new PartitionId(1), 1, 5, index);
  }

  @Override
  public List<PartitionId> partitionIds() {
    return List.of(new PartitionId(1));
  }

  @Override
  public CompletionStage<List<PartitionStatus>> partitions() {
    List<ReplicaId> voters = List.of(new ReplicaId(1), new ReplicaId(2), new ReplicaId(3));
    return CompletableFuture.completedFuture(
        List.of(
            new PartitionStatus(
                new PartitionId(1),
                voters.get(0),
                PartitionStatus.State.RUNNING,
                "",
                Role.LEADER,
                5,
                Optional.of(voters.get(0)),
                true,
                7,
                6,
                8,
                9,
                PartitionStatus.Snapshots.UNKNOWN,
                voters,
                List.of(),
                true,
                List.of(new PartitionStatus.Peer(voters.get(1), "REPLICATE", 7, 0)))));
  }

  @Override
  public CompletionStage<SnapshotResult> takeSnapshot(PartitionId partition) {
    return nextSnapshot;
  }

  @Override
  public InputStream backup() {
    InputStream stream = nextBackup;
    if (stream == null) {
      throw new IllegalStateException("node n1 has not started");
    }
    return stream;
  }

  @Override
  public String node() {
    return "n1";
  }

  @Override
  public String nodeOf(PartitionId partition, ReplicaId replica) {
    return "n" + replica.value();
  }

  @Override
  public List<Member> members() {
    return List.of(new Member("pekko://kv@127.0.0.1:2551", "up", true));
  }

  @Override
  public Optional<StorageStatus> storage() {
    JournalDamage damage = new JournalDamage("c|1|2", 7, "the event 7 is damaged", Instant.EPOCH);
    return started
        ? Optional.of(
            new StorageStatus(
                Path.of("/data"),
                new StoreVerdict(StoreVerdict.Kind.SOUND, ""),
                StorePressure.NONE,
                List.of(damage),
                Optional.of(SCRUB)))
        : Optional.empty();
  }

  @Override
  public CompletionStage<ScrubReport> scrub() {
    return started
        ? CompletableFuture.completedFuture(SCRUB)
        : CompletableFuture.failedFuture(new IllegalStateException("not started"));
  }

  @Override
  public CompletionStage<NodeHealth> health() {
    return CompletableFuture.completedFuture(
        new NodeHealth(true, ready, ready ? List.of() : List.of("not yet")));
  }

  static KvLimits limits() {
    return new KvLimits(
        20, 100, Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(10));
  }
}
