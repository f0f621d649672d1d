package org.raftactors.snapshot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.raftactors.PartitionId;
import org.raftactors.ReplicaSpec;
import org.raftactors.SnapshotView;

/** Snapshots as bytes, for tests of what carries them. */
public final class SnapshotFiles {

  private SnapshotFiles() {}

  /** The state of a partition that {@link #bytes} puts into its snapshot. */
  public static byte[] state(long partition, int length) {
    return Fixtures.state(partition, length);
  }

  /** The whole file of a snapshot, written below a directory. */
  public static byte[] bytes(Path root, String cluster, long partition, long index, int length)
      throws IOException {
    ReplicaSpec spec =
        new ReplicaSpec(
            cluster, new PartitionId(partition), Fixtures.ONE, List.of(Fixtures.ONE, Fixtures.TWO));
    SnapshotStore store = LocalSnapshotStore.open(root, spec, new RealFiles(), 0);
    try (Snapshots snapshots = new Snapshots(spec, store)) {
      SnapshotInfo info =
          snapshots.write(
              Fixtures.header(cluster, partition, index),
              SnapshotView.of(state(partition, length)),
              () -> false);
      return Fixtures.raw(snapshots, info);
    }
  }

  /** Bytes as the content of a store. */
  public static SnapshotStore.Content content(byte[] bytes) {
    return new SnapshotStore.Content() {
      @Override
      public long size() {
        return bytes.length;
      }

      @Override
      public int read(long position, ByteBuffer into) {
        if (position >= bytes.length) {
          return -1;
        }
        int length = (int) Math.min(into.remaining(), bytes.length - position);
        into.put(bytes, (int) position, length);
        return length;
      }

      @Override
      public void close() {}
    };
  }
}
