package org.raftactors.testkit.actors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.raftactors.snapshot.SnapshotStore;

/**
 * The snapshots that one replica has on its disk. Each operation may be the last of its process, or
 * fail.
 *
 * <p>Durable are published snapshots, and of a draft what was synced: a crash leaves that and some
 * of the rest. Whoever had a file open before a crash can do nothing any more.
 */
final class SnapshotFiles {

  private static final String RECEIVED = ".receiving";

  private static final class File {
    private byte[] bytes = new byte[256];
    private int length;
    private int synced;

    private void append(ByteBuffer more, int count) {
      if (length + count > bytes.length) {
        byte[] larger = new byte[Math.max(2 * bytes.length, length + count)];
        System.arraycopy(bytes, 0, larger, 0, length);
        bytes = larger;
      }
      more.get(bytes, length, count);
      length += count;
    }

    private void cutTo(int size) {
      length = size;
      synced = Math.min(synced, size);
    }
  }

  private final String name;
  private final Disks disks;
  private final TreeMap<String, File> snapshots = new TreeMap<>();
  private final TreeMap<String, File> drafts = new TreeMap<>();
  private int process;
  private int operationsLeft;
  private @Nullable Runnable onCrash;
  private long written;
  private long received;

  SnapshotFiles(String name, Disks disks) {
    this.name = name;
    this.disks = disks;
  }

  /** How many snapshots were written here whole. */
  long written() {
    return written;
  }

  /** How many came from other replicas, whole. */
  long received() {
    return received;
  }

  SnapshotStore open() {
    return new Store(process);
  }

  /**
   * The process ends in the middle of what it does with its snapshots.
   *
   * @param operations how many it still gets done
   * @param action kills it; called at once, in the middle of the last one
   */
  void crashAfter(int operations, Runnable action) {
    operationsLeft = operations;
    onCrash = action;
  }

  /** Nothing ends in the middle any more. */
  void mend() {
    onCrash = null;
  }

  /** The process is gone, with what was open. */
  void crash() {
    mend();
    process++;
    for (File draft : drafts.values()) {
      draft.cutTo(disks.between(draft.synced, draft.length));
      draft.synced = draft.length;
    }
  }

  private void step(String what) throws IOException {
    Runnable crash = onCrash;
    if (crash != null && --operationsLeft < 0) {
      onCrash = null;
      process++;
      disks.note(name, "the process ends before a snapshot is " + what);
      crash.run();
      throw new SimulatedDiskFailure("the process is gone");
    }
  }

  private void failSometimes(String what) throws IOException {
    if (disks.failsFile()) {
      throw new SimulatedDiskFailure("the simulated snapshot cannot be " + what);
    }
  }

  private static int read(File file, long position, ByteBuffer into) {
    if (position >= file.length) {
      return -1;
    }
    int from = Math.toIntExact(position);
    int count = Math.min(into.remaining(), file.length - from);
    into.put(file.bytes, from, count);
    return count;
  }

  /** What one incarnation of the replica has opened. */
  private final class Store implements SnapshotStore {
    private final int by;
    private boolean closed;

    private Store(int by) {
      this.by = by;
    }

    private void enter(String what) throws IOException {
      check();
      step(what);
      failSometimes(what);
    }

    private void check() throws IOException {
      if (closed || by != process) {
        throw new SimulatedDiskFailure("whoever opened this is gone");
      }
    }

    @Override
    public List<String> names() throws IOException {
      enter("listed");
      return new ArrayList<>(snapshots.keySet());
    }

    @Override
    public Content open(String snapshot) throws IOException {
      enter("opened");
      File file = snapshots.get(snapshot);
      if (file == null) {
        throw new NoSuchFileException(snapshot);
      }
      return new OpenFile(this, snapshot, file);
    }

    @Override
    public void delete(String snapshot) throws IOException {
      enter("deleted");
      if (snapshots.remove(snapshot) != null) {
        disks.note(name, "delete snapshot " + snapshot);
      }
    }

    @Override
    public List<String> drafts() throws IOException {
      enter("listed");
      return new ArrayList<>(drafts.keySet());
    }

    @Override
    public Draft draft(String draft) throws IOException {
      enter("begun");
      return new OpenFile(this, draft, drafts.computeIfAbsent(draft, key -> new File()));
    }

    @Override
    public void deleteDraft(String draft) throws IOException {
      enter("removed");
      drafts.remove(draft);
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private final class OpenFile implements SnapshotStore.Draft {
    private final Store store;
    private final String file;
    private final File content;

    private OpenFile(Store store, String file, File content) {
      this.store = store;
      this.file = file;
      this.content = content;
    }

    @Override
    public long size() {
      return content.length;
    }

    @Override
    public int read(long position, ByteBuffer into) throws IOException {
      store.enter("read");
      return SnapshotFiles.read(content, position, into);
    }

    @Override
    public void append(ByteBuffer bytes) throws IOException {
      store.check();
      content.append(bytes, bytes.remaining() / 2); // the rest may never come
      store.enter("written");
      content.append(bytes, bytes.remaining());
    }

    @Override
    public void truncate(long size) throws IOException {
      store.enter("cut");
      content.cutTo(Math.toIntExact(size));
    }

    @Override
    public void sync() throws IOException {
      store.enter("synced");
      content.synced = content.length;
    }

    @Override
    public void publish(String snapshot) throws IOException {
      sync();
      store.enter("published");
      drafts.remove(file, content);
      snapshots.put(snapshot, content);
      disks.note(name, "snapshot " + snapshot + " of " + content.length + " bytes is durable");
      if (file.endsWith(RECEIVED)) {
        received++;
      } else {
        written++;
      }
      store.enter("known to be durable");
    }

    @Override
    public void discard() throws IOException {
      store.enter("removed");
      drafts.remove(file, content);
    }

    @Override
    public void close() {}
  }
}
