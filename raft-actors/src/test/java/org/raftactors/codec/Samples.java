package org.raftactors.codec;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.pekko.actor.typed.ActorRef;
import org.raftactors.BatchResults;
import org.raftactors.PartitionId;
import org.raftactors.ProposalResult;
import org.raftactors.Propose;
import org.raftactors.ProposeBatch;
import org.raftactors.RaftPartition;
import org.raftactors.Read;
import org.raftactors.ReadLevel;
import org.raftactors.ReadResult;
import org.raftactors.RejectReason;
import org.raftactors.Token;
import org.raftactors.UnknownReason;
import org.raftactors.core.log.EntryKind;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.log.Payload;
import org.raftactors.core.log.SnapshotBase;
import org.raftactors.core.membership.Configuration;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.message.AppendAccepted;
import org.raftactors.core.message.AppendRejected;
import org.raftactors.core.message.AppendRequest;
import org.raftactors.core.message.Heartbeat;
import org.raftactors.core.message.HeartbeatAck;
import org.raftactors.core.message.PreVoteRequest;
import org.raftactors.core.message.PreVoteResponse;
import org.raftactors.core.message.RaftMessage;
import org.raftactors.core.message.ReadIndexRequest;
import org.raftactors.core.message.ReadIndexResponse;
import org.raftactors.core.message.SnapshotRequest;
import org.raftactors.core.message.StateDigest;
import org.raftactors.core.message.TimeoutNow;
import org.raftactors.core.message.VoteRequest;
import org.raftactors.core.message.VoteResponse;
import org.raftactors.core.write.DurableState;
import org.raftactors.core.write.HardState;
import org.raftactors.core.write.Written;
import org.raftactors.link.LinkAddress;

/** One or more of everything that the formats write. */
final class Samples {

  static final ReplicaId ONE = new ReplicaId(1);
  static final ReplicaId TWO = new ReplicaId(2);
  static final SnapshotBase BASE =
      SnapshotBase.initial(new Configuration(List.of(ONE, TWO), List.of(new ReplicaId(3))));

  private Samples() {}

  static List<LogEntry> entries(long after, int count) {
    Random random = new Random(42);
    List<LogEntry> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] surroundings = new byte[random.nextInt(40) + 10];
      random.nextBytes(surroundings);
      Payload whole = Payload.of(Arrays.copyOfRange(surroundings, 3, surroundings.length - 2));
      Payload slice =
          new Payload(surroundings, 3, surroundings.length - 5, whole.crc32c()); // not at 0
      EntryKind kind = i == 0 ? EntryKind.NO_OP : EntryKind.COMMAND;
      Payload payload = i == 0 ? Payload.EMPTY : slice;
      entries.add(new LogEntry(after + 1 + i, 7 + i / 3, 1_700_000_000_000L + i, kind, payload));
    }
    return entries;
  }

  static List<RaftMessage> raftMessages() {
    LogPosition position = new LogPosition(99, 6);
    return List.of(
        new AppendRequest(9, position, entries(99, 5), 98),
        new AppendRequest(9, position, List.of(), 98),
        new AppendAccepted(9, 104),
        new AppendRejected(9, 99, new LogPosition(50, 3), 60),
        new Heartbeat(9, 98, 1234567890123L),
        new HeartbeatAck(9, 1234567890123L),
        new ReadIndexRequest(9, -5),
        new SnapshotRequest(9, 5),
        new StateDigest(9, 5, -7),
        new ReadIndexResponse(9, 77, 98),
        new ReadIndexResponse(9, 77, -1),
        new PreVoteRequest(10, position),
        new PreVoteResponse(10, true),
        new VoteRequest(10, position, true),
        new VoteRequest(10, position, false),
        new VoteResponse(10, false),
        new TimeoutNow(9));
  }

  static List<Object> peerMessages(ActorRef<RaftPartition.Command> direct) {
    List<Object> all = new ArrayList<>();
    for (RaftMessage message : raftMessages()) {
      LinkAddress link = new LinkAddress("host.example", 65535, -1, Long.MAX_VALUE);
      all.add(new PeerMessage(-12345678901L, ONE, TWO, message));
      all.add(new PeerMessage(-12345678901L, ONE, TWO, direct, null, message));
      all.add(new PeerMessage(-12345678901L, ONE, TWO, direct, link, message));
    }
    return all;
  }

  static List<Object> snapshotMessages(ActorRef<RaftPartition.Command> ref) {
    String hash = "fedcba98".repeat(8);
    long file = SnapshotMessage.Offer.fileOf(hash);
    List<Object> all = new ArrayList<>();
    all.add(new SnapshotMessage.Offer(file, 9, new LogPosition(99, 6), 1L << 40, hash, ref));
    all.add(new SnapshotMessage.Pull(file, 1L << 39, 1 << 20, ref));
    all.add(new SnapshotMessage.Pull(file, 0, 0, ref));
    all.add(new SnapshotMessage.Chunk(file, 1L << 39, entries(1, 2).get(1).payload()));
    for (SnapshotMessage.Outcome outcome : SnapshotMessage.Outcome.values()) {
      all.add(new SnapshotMessage.Ended(file, outcome));
    }
    return all.stream()
        .<Object>map(
            body -> new SnapshotMessage(-12345678901L, ONE, TWO, (SnapshotMessage.Body) body))
        .toList();
  }

  static List<Object> journal() {
    Written first = new Written(new HardState(7, ONE), BASE, LogPosition.ZERO, entries(0, 8), 0);
    Written second = new Written(new HardState(9, null), BASE, new LogPosition(8, 9), List.of(), 3);
    DurableState initial = DurableState.initial(BASE);
    DurableState later = initial.after(first, 1).after(second, 2);
    return List.of(first, second, initial, later);
  }

  static List<Object> requests(ActorRef<Object> replyTo) {
    byte[] bytes = "a command".getBytes(StandardCharsets.UTF_8);
    Payload first = Payload.of(bytes);
    Payload slice = entries(1, 2).get(1).payload();
    return List.of(
        new ProposeBatch(-5, List.of(first, Payload.EMPTY, slice), replyTo.narrow()),
        new ProposeBatch(Long.MAX_VALUE, List.of(Payload.EMPTY), replyTo.narrow()),
        Propose.encoded(bytes, replyTo),
        new Propose(Payload.EMPTY, false, replyTo),
        Read.encoded(bytes, ReadLevel.LINEARIZABLE, replyTo),
        Read.encoded(bytes, ReadLevel.stale(Duration.ofMillis(1500)), replyTo),
        new Read(Payload.of(bytes), ReadLevel.stale(Duration.ZERO), false, replyTo));
  }

  static List<Object> refusals() {
    List<Object> all = new ArrayList<>();
    for (RejectReason reason : RejectReason.values()) {
      all.add(new ProposalResult.Rejected<>(reason, Optional.of(TWO), Duration.ofMillis(50)));
      all.add(new ReadResult.Rejected<>(reason, Optional.empty(), Duration.ZERO));
    }
    for (UnknownReason reason : UnknownReason.values()) {
      all.add(new ProposalResult.Unknown<>(reason));
    }
    return all;
  }

  static Token token() {
    return new Token(new PartitionId(4), 1, 9, 1234);
  }

  static List<Object> results() {
    List<ProposalResult<byte[]>> outcomes = new ArrayList<>();
    outcomes.add(new ProposalResult.Committed<>(new byte[] {1, 2, 3}, token()));
    outcomes.add(new ProposalResult.Committed<>(new byte[0], token()));
    for (RejectReason reason : RejectReason.values()) {
      outcomes.add(new ProposalResult.Rejected<>(reason, Optional.of(TWO), Duration.ofMillis(50)));
      outcomes.add(new ProposalResult.Rejected<>(reason, Optional.empty(), Duration.ZERO));
    }
    for (UnknownReason reason : UnknownReason.values()) {
      outcomes.add(new ProposalResult.Unknown<>(reason));
    }
    return List.of(
        new BatchResults(-5, 3, outcomes),
        new BatchResults(7, Integer.MAX_VALUE, outcomes.subList(2, 3)),
        new ProposalResult.Committed<>("text", token()),
        new ProposalResult.Committed<>(new byte[] {1, 2, 3}, token()),
        new ProposalResult.Committed<>(new UserResult("key", 7), token()),
        new ReadResult.Answered<>(42L, token()),
        new ReadResult.Answered<>(new UserResult("other", 8), token()));
  }

  /** A result class that an application would bind to a serializer. */
  record UserResult(String key, int version) implements CborMessage {}
}
