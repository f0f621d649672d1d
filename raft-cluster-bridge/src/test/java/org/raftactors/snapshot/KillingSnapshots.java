package org.raftactors.snapshot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.apache.pekko.actor.typed.ActorSystem;
import org.raftactors.PartitionSettings;
import org.raftactors.ReplicaSpec;
import org.raftactors.cluster.KillPoint;

/** Snapshots in files, with the points between the steps of a file system. */
public final class KillingSnapshots implements SnapshotStoreFactory {

  @Override
  public SnapshotStore open(ActorSystem<?> system, PartitionSettings settings, ReplicaSpec spec)
      throws IOException {
    return LocalSnapshotStore.open(
        Path.of(settings.snapshots().directory()),
        spec,
        new Files(new RealFiles()),
        settings.snapshots().minFreeDisk());
  }

  private static boolean isTaken(Path file) {
    return file.toString().contains(".writing_");
  }

  private static boolean isReceived(Path file) {
    return file.toString().contains(".receiving_");
  }

  private static final class Files implements FileOperations {
    private final FileOperations real;
    private volatile KillPoint whenSynced = KillPoint.TAKING_NOT_IN_THE_LOG;

    private Files(FileOperations real) {
      this.real = real;
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
      real.createDirectories(directory);
    }

    @Override
    public List<String> list(Path directory) throws IOException {
      return real.list(directory);
    }

    @Override
    public Handle openOrCreate(Path file) throws IOException {
      return new Killing(file, real.openOrCreate(file));
    }

    @Override
    public Handle open(Path file) throws IOException {
      return real.open(file);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
      boolean published = to.toString().endsWith(".snapshot");
      if (published && isTaken(from)) {
        KillPoint.TAKING_NOT_RENAMED.reached();
        real.rename(from, to);
        KillPoint.TAKING_NAME_NOT_SYNCED.reached();
        whenSynced = KillPoint.TAKING_NOT_IN_THE_LOG;
      } else if (published && isReceived(from)) {
        KillPoint.RECEIVED_NOT_RENAMED.reached();
        real.rename(from, to);
        whenSynced = KillPoint.RECEIVED_NOT_IN_THE_LOG;
      } else {
        real.rename(from, to);
      }
    }

    @Override
    public void delete(Path file) throws IOException {
      boolean snapshot = file.toString().endsWith(".snapshot");
      if (snapshot) {
        KillPoint.OLD_SNAPSHOT_IS_THERE.reached();
      }
      real.delete(file);
      if (snapshot) {
        KillPoint.OLD_SNAPSHOT_IS_GONE.reached();
      }
    }

    @Override
    public long usableBytes(Path directory) throws IOException {
      return real.usableBytes(directory);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
      real.syncDirectory(directory);
      whenSynced.reached();
    }
  }

  /**
   * A file in which a write can end in the middle.
   *
   * @param file its name when it was opened
   * @param real the file
   */
  private record Killing(Path file, FileOperations.Handle real) implements FileOperations.Handle {
    @Override
    public long size() throws IOException {
      return real.size();
    }

    @Override
    public int read(long position, ByteBuffer into) throws IOException {
      return real.read(position, into);
    }

    @Override
    public void write(long position, ByteBuffer bytes) throws IOException {
      KillPoint point =
          isTaken(file) ? KillPoint.TAKING_HALF_WRITTEN : KillPoint.RECEIVING_HALF_A_CHUNK;
      if (point.isArmed() && bytes.remaining() > 1 && (isTaken(file) || isReceived(file))) {
        real.write(position, bytes.duplicate().limit(bytes.position() + bytes.remaining() / 2));
        point.reached();
      }
      real.write(position, bytes);
    }

    @Override
    public void truncate(long size) throws IOException {
      real.truncate(size);
    }

    @Override
    public void sync() throws IOException {
      if (isTaken(file)) {
        KillPoint.TAKING_NOT_SYNCED.reached();
      }
      real.sync();
    }

    @Override
    public void close() throws IOException {
      real.close();
    }
  }
}
