package org.raftactors.snapshot;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.raftactors.PartitionId;
import org.raftactors.ReplicaSpec;
import org.raftactors.SnapshotView;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.log.SnapshotBase;
import org.raftactors.core.membership.Configuration;
import org.raftactors.core.membership.ReplicaId;

/** Replicas, labels and states for tests. */
final class Fixtures {

  static final ReplicaId ONE = new ReplicaId(1);
  static final ReplicaId TWO = new ReplicaId(2);

  private Fixtures() {}

  static ReplicaSpec spec(ReplicaId self) {
    return new ReplicaSpec("a/cluster", new PartitionId(7), self, List.of(ONE, TWO));
  }

  static SnapshotHeader header(long index) {
    return header("a/cluster", 7, index);
  }

  static SnapshotHeader header(String clusterId, long partition, long index) {
    Configuration configuration = new Configuration(List.of(ONE, TWO), List.of(new ReplicaId(3)));
    return new SnapshotHeader(
        clusterId,
        new PartitionId(partition),
        new SnapshotBase(new LogPosition(index, 3), configuration),
        1_700_000_000_000L + index,
        OptionalLong.of(-index));
  }

  /** Bytes that nothing else has. */
  static byte[] state(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  static Snapshots local(Path root, ReplicaId self) throws IOException {
    return open(LocalSnapshotStore.open(root, spec(self), new RealFiles(), 0));
  }

  static Snapshots open(SnapshotStore store) throws IOException {
    Snapshots snapshots = new Snapshots(spec(ONE), store);
    snapshots.cleanUp();
    return snapshots;
  }

  static SnapshotInfo write(Snapshots snapshots, long index, byte[] state) throws IOException {
    return snapshots.write(header(index), SnapshotView.of(state), () -> false);
  }

  /** The whole state, if the whole snapshot is good. */
  static byte[] read(Snapshots snapshots, SnapshotInfo info) throws IOException {
    try (SnapshotStore.Content content = snapshots.content(info)) {
      return Snapshots.input(info, content).readAllBytes();
    }
  }

  /** The bytes of the file. */
  static byte[] raw(Snapshots snapshots, SnapshotInfo info) throws IOException {
    try (SnapshotStore.Content content = snapshots.content(info)) {
      return Snapshots.read(content, 0, (int) content.size());
    }
  }

  static Staging stage(Snapshots snapshots, SnapshotInfo info) throws IOException {
    return snapshots.stage(info.position(), info.sizeBytes(), info.hash());
  }

  /** Appends from where the stage is, in parts. */
  static void fill(Staging staging, byte[] raw, int part) throws IOException {
    while (staging.offset() < raw.length) {
      int from = (int) staging.offset();
      byte[] bytes = Arrays.copyOfRange(raw, from, Math.min(raw.length, from + part));
      staging.append(bytes, 0, bytes.length);
    }
  }
}
