package org.raftactors.snapshot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.typed.ActorSystem;
import org.raftactors.PartitionSettings;
import org.raftactors.ReplicaSpec;

/**
 * Snapshots as files of one directory per replica. A draft has the ending {@code .draft}; to
 * publish it is to sync it, to rename it, and to sync the directory.
 *
 * <p>An incarnation of a replica that has ended may still have a draft open, in a thread that has
 * not noticed yet. It is kept from harming a later one: an open draft is locked, and each opening
 * gives the file another name, so that nobody publishes or removes what is another's now.
 */
public final class LocalSnapshotStore implements SnapshotStore {

  /** The default of {@code raft-actors.partition.snapshot-store}. */
  public static final class Factory implements SnapshotStoreFactory {

    @Override
    public SnapshotStore open(ActorSystem<?> system, PartitionSettings settings, ReplicaSpec spec)
        throws IOException {
      String directory = settings.snapshots().directory();
      if (directory.isBlank()) {
        throw new IllegalArgumentException(
            "raft-actors.partition.snapshot-directory = \"\": must be set: it has no default");
      }
      long minFreeDisk = settings.snapshots().minFreeDisk();
      return LocalSnapshotStore.open(Path.of(directory), spec, new RealFiles(), minFreeDisk);
    }
  }

  private static final String SNAPSHOT = ".snapshot";
  private static final String DRAFT = ".draft";

  /** Tells the openings of a draft apart; no name contains one. */
  private static final char OPENING = '_';

  private static final AtomicLong OPENINGS = new AtomicLong();

  private final Path directory;
  private final FileOperations files;
  private final long minFreeDisk;

  private LocalSnapshotStore(Path directory, FileOperations files, long minFreeDisk) {
    this.directory = directory;
    this.files = files;
    this.minFreeDisk = minFreeDisk;
  }

  static LocalSnapshotStore open(
      Path root, ReplicaSpec spec, FileOperations files, long minFreeDisk) throws IOException {
    Path directory =
        root.resolve(directoryName(spec.clusterId()))
            .resolve(Long.toString(spec.partition().value()))
            .resolve(Long.toString(spec.self().value()));
    files.createDirectories(directory);
    return new LocalSnapshotStore(directory, files, minFreeDisk);
  }

  /** Any text as the name of a directory that leads nowhere else; different texts differ. */
  static String directoryName(String text) {
    StringBuilder name = new StringBuilder("c-");
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      boolean plain = (b >= 'a' && b <= 'z') || (b >= '0' && b <= '9') || b == '-';
      // Capitals too, since some file systems do not tell them apart.
      name.append(plain ? String.valueOf((char) b) : String.format("_%02x", b & 0xff));
    }
    return name.toString();
  }

  private static boolean isName(String text) {
    return text.matches("[0-9][0-9a-z.-]{0,99}");
  }

  private static String checked(String name) {
    if (!isName(name)) {
      throw new IllegalArgumentException("'" + name + "' is no name of a snapshot");
    }
    return name;
  }

  private Path snapshot(String name) {
    return directory.resolve(checked(name) + SNAPSHOT);
  }

  @Override
  public List<String> names() throws IOException {
    return files.list(directory).stream()
        .filter(file -> file.endsWith(SNAPSHOT))
        .map(file -> file.substring(0, file.length() - SNAPSHOT.length()))
        .filter(LocalSnapshotStore::isName)
        .toList();
  }

  @Override
  public List<String> drafts() throws IOException {
    return draftFiles().stream().map(LocalSnapshotStore::draftOf).distinct().toList();
  }

  private List<String> draftFiles() throws IOException {
    return files.list(directory).stream()
        .filter(file -> file.endsWith(DRAFT) && isName(draftOf(file)))
        .toList();
  }

  private static String draftOf(String file) {
    int end = file.indexOf(OPENING);
    return end < 0 ? "" : file.substring(0, end);
  }

  @Override
  public Content open(String name) throws IOException {
    return new FileContent(files.open(snapshot(name)));
  }

  @Override
  public void delete(String name) throws IOException {
    files.delete(snapshot(name));
  }

  @Override
  public Draft draft(String name) throws IOException {
    String opening = Long.toString(OPENINGS.incrementAndGet());
    Path file = directory.resolve(checked(name) + OPENING + opening + DRAFT);
    FileOperations.Handle handle = null;
    for (String left : draftFiles()) {
      if (draftOf(left).equals(name)) {
        Path found = directory.resolve(left);
        handle = files.openOrCreate(found); // fails if it is open elsewhere
        files.rename(found, file);
        break;
      }
    }
    return new FileDraft(file, handle != null ? handle : files.openOrCreate(file));
  }

  @Override
  public void deleteDraft(String name) throws IOException {
    for (String file : draftFiles()) {
      if (draftOf(file).equals(name)) {
        files.delete(directory.resolve(file));
      }
    }
  }

  /** The log may be on the same disk: a snapshot can wait for room, votes and entries cannot. */
  private void checkRoom(long moreBytes) throws IOException {
    if (minFreeDisk == 0) {
      return;
    }
    long free = files.usableBytes(directory);
    if (free - moreBytes < minFreeDisk) {
      throw new IOException(
          "no room for "
              + moreBytes
              + " bytes of a snapshot in "
              + directory
              + ": "
              + free
              + " bytes are free, raft-actors.partition.snapshot-min-free-disk = "
              + minFreeDisk);
    }
  }

  @Override
  public String toString() {
    return directory.toString();
  }

  private record FileContent(FileOperations.Handle handle) implements Content {
    @Override
    public long size() throws IOException {
      return handle.size();
    }

    @Override
    public int read(long position, ByteBuffer into) throws IOException {
      return handle.read(position, into);
    }

    @Override
    public void close() throws IOException {
      handle.close();
    }
  }

  private final class FileDraft implements Draft {

    private final Path file;
    private final FileOperations.Handle handle;
    private long size;

    private FileDraft(Path file, FileOperations.Handle handle) throws IOException {
      this.file = file;
      this.handle = handle;
      this.size = handle.size();
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public int read(long position, ByteBuffer into) throws IOException {
      return handle.read(position, into);
    }

    @Override
    public void expect(long finalSize) throws IOException {
      checkRoom(Math.max(0, finalSize - size));
    }

    @Override
    public void append(ByteBuffer bytes) throws IOException {
      int length = bytes.remaining();
      checkRoom(length);
      handle.write(size, bytes);
      size += length;
    }

    @Override
    public void truncate(long newSize) throws IOException {
      handle.truncate(newSize);
      size = newSize;
    }

    @Override
    public void sync() throws IOException {
      handle.sync();
    }

    @Override
    public void publish(String name) throws IOException {
      handle.sync();
      handle.close();
      files.rename(file, snapshot(name));
      files.syncDirectory(directory);
    }

    @Override
    public void discard() throws IOException {
      handle.close();
      files.delete(file);
    }

    @Override
    public void close() throws IOException {
      handle.close();
    }
  }
}
