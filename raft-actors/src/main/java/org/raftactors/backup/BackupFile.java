package org.raftactors.backup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.raftactors.snapshot.ForeignSnapshot;
import org.raftactors.snapshot.SnapshotHeader;
import org.raftactors.snapshot.SnapshotStore;
import org.raftactors.snapshot.UnusableSnapshotException;

/**
 * Backups as files. Everything here blocks, and reads or writes a backup of any size through one
 * buffer.
 *
 * <p>A backup comes into being under the name with {@link #UNFINISHED} behind it, is read again and
 * checked, synced, and gets its name: under that name there is a whole one or none, whatever
 * crashes when. What a crash leaves under the other name is written over by the next attempt.
 */
public final class BackupFile {

  /** What stands behind the name of a file that is not a backup yet. */
  public static final String UNFINISHED = ".part";

  /** Takes the snapshots of a backup, one after the other. */
  @FunctionalInterface
  public interface Visitor {

    /**
     * One of them. Reading its state to the end checks it; what is left is read, too.
     *
     * @param header what the snapshot says about itself
     * @param state its state
     * @throws IOException if it cannot be taken
     */
    void visit(SnapshotHeader header, InputStream state) throws IOException;
  }

  private static final int BUFFER_BYTES = 256 << 10;

  private BackupFile() {}

  /**
   * Reads all of a backup and checks it.
   *
   * @param file the backup
   * @return what is in it
   * @throws UnusableBackupException naming the part, the byte and the rule, if it is damaged, not
   *     whole, or no backup
   * @throws IOException if it cannot be read
   */
  public static BackupContents verify(Path file) throws IOException {
    return read(file, (header, state) -> {});
  }

  /**
   * Looks at the beginning and the end of a backup that was verified before.
   *
   * @param file the backup
   * @return what it says about itself
   * @throws UnusableBackupException if they are not as they should be
   * @throws IOException if it cannot be read
   */
  public static BackupLabel look(Path file) throws IOException {
    try (BackupWalk walk = BackupWalk.open(file)) {
      walk.skipToTrailer();
      return walk.label();
    }
  }

  /**
   * Reads a backup and hands out what is in it. What was handed out counts for nothing if this
   * throws: the hash of everything is known at the end.
   *
   * @param file the backup
   * @param visitor takes the snapshots in the order of partitions; what it throws ends the reading
   * @return what is in it
   * @throws UnusableBackupException as {@link #verify}
   * @throws IOException if it cannot be read, or from the visitor
   */
  public static BackupContents read(Path file, Visitor visitor) throws IOException {
    try (BackupWalk walk = BackupWalk.open(file)) {
      List<BackupContents.Part> parts = new ArrayList<>();
      while (walk.next()) {
        parts.add(readPart(walk, visitor));
      }
      return new BackupContents(walk.label(), parts);
    }
  }

  private static BackupContents.Part readPart(BackupWalk walk, Visitor visitor) throws IOException {
    SnapshotStore.Content section = walk.section();
    long start = walk.position();
    ForeignSnapshot snapshot = null;
    try {
      snapshot = ForeignSnapshot.open("in the backup", section);
      SnapshotHeader header = snapshot.header();
      if (!header.clusterId().equals(walk.clusterId())
          || !header.partition().equals(walk.partition())) {
        throw new UnusableSnapshotException(
            "in the backup",
            "it is of cluster '"
                + header.clusterId()
                + "' and partition "
                + header.partition()
                + ", but stands where that of cluster '"
                + walk.clusterId()
                + "' and partition "
                + walk.partition()
                + " should be");
      }
      visitor.visit(header, snapshot.state());
      snapshot.verify();
      walk.endSection();
      return new BackupContents.Part(header.partition(), header.base().position(), section.size());
    } catch (UnusableSnapshotException e) {
      long good = snapshot == null ? 0 : snapshot.checkedBytes();
      throw walk.unusable(start + good, String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Writes a backup to a file, durably, and checks it.
   *
   * @param stream as of {@link BackupStream}, perhaps from another node; the caller's to close
   * @param file which must not exist
   * @return what is in it
   * @throws FileAlreadyExistsException if there is such a file: nothing is ever written over; also
   *     if it came into being meanwhile
   * @throws UnusableBackupException if what came is not a whole backup; its message says why it was
   *     given up, if it was
   * @throws IOException if the stream or the file fails; in all cases there is no such file then
   */
  public static BackupContents write(InputStream stream, Path file) throws IOException {
    refuseExisting(file);
    Path unfinished = file.resolveSibling(file.getFileName() + UNFINISHED);
    try (FileChannel channel = openAlone(unfinished)) {
      refuseExisting(file); // what is open may have got that name before it was locked
      try {
        copy(stream, channel);
        BackupContents contents = verify(unfinished);
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        syncDirectory(file.toAbsolutePath().getParent());
        return contents;
      } catch (IOException | RuntimeException e) {
        discard(unfinished, e);
        throw e;
      }
    }
  }

  private static void refuseExisting(Path file) throws FileAlreadyExistsException {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(
          file.toString(), null, "it exists, and a backup is never written over another file");
    }
  }

  /** Two that write the same file would make a mixture of it, or take it from each other. */
  private static FileChannel openAlone(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
            ownerOnly("rw-------"));
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // By this very process; falls through.
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    channel.close();
    throw new IOException(file + " is being written by somebody else");
  }

  private static void copy(InputStream stream, FileChannel channel) throws IOException {
    channel.truncate(0); // what an attempt before has left
    byte[] buffer = new byte[BUFFER_BYTES];
    int read = stream.read(buffer);
    while (read >= 0) {
      ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, read);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      read = stream.read(buffer);
    }
    channel.force(true);
  }

  private static void discard(Path file, Exception reason) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }

  /** Backups hold what others must not read. */
  private static FileAttribute<?>[] ownerOnly(String permissions) {
    return isPosix()
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  private static boolean isPosix() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
  }

  /**
   * Makes the names in a directory durable, where that needs anything.
   *
   * @param directory none means none
   * @throws IOException if that fails
   */
  public static void syncDirectory(@Nullable Path directory) throws IOException {
    if (directory != null && isPosix()) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }
}
