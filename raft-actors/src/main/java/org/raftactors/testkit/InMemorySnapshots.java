package org.raftactors.testkit;

import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.WeakHashMap;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.actor.typed.ActorSystem;
import org.jspecify.annotations.Nullable;
import org.raftactors.PartitionSettings;
import org.raftactors.ReplicaSpec;
import org.raftactors.snapshot.SnapshotStore;
import org.raftactors.snapshot.SnapshotStoreFactory;

/**
 * Keeps snapshots in memory, for tests: {@code raft-actors.partition.snapshot-store =
 * "org.raftactors.testkit.InMemorySnapshots"}. What a replica kept is there for its next
 * incarnation for as long as the actor system lives.
 */
public final class InMemorySnapshots implements SnapshotStoreFactory {

  private static final Map<Object, Map<String, Store>> STORES =
      Collections.synchronizedMap(new WeakHashMap<>());

  /** Called by whoever reads the configuration. */
  public InMemorySnapshots() {}

  @Override
  public SnapshotStore open(ActorSystem<?> system, PartitionSettings settings, ReplicaSpec spec) {
    return STORES
        .computeIfAbsent(
            system.classicSystem(), key -> Collections.synchronizedMap(new TreeMap<>()))
        .computeIfAbsent(spec.persistenceId(), key -> new Store());
  }

  /**
   * Forgets all snapshots of an actor system, as if its replicas had new disks.
   *
   * @param system the actor system
   */
  public static void forget(ClassicActorSystemProvider system) {
    STORES.remove(system.classicSystem());
  }

  /**
   * Forgets the snapshots of one replica, as if its files were lost.
   *
   * @param system the actor system
   * @param persistenceId of the replica, which does not run
   */
  public static void forget(ClassicActorSystemProvider system, String persistenceId) {
    Map<String, Store> stores = STORES.get(system.classicSystem());
    if (stores != null) {
      stores.remove(persistenceId);
    }
  }

  /**
   * Changes a bit in the middle of every snapshot of one replica, as a bad disk would.
   *
   * @param system the actor system
   * @param persistenceId of the replica
   */
  public static void damage(ClassicActorSystemProvider system, String persistenceId) {
    Map<String, Store> stores = STORES.get(system.classicSystem());
    Store store = stores == null ? null : stores.get(persistenceId);
    if (store != null) {
      store.damage();
    }
  }

  /** Bytes that grow at the end. */
  private static final class Bytes implements SnapshotStore.Content {
    private byte[] array = new byte[256];
    private int length;

    @Override
    public synchronized long size() {
      return length;
    }

    @Override
    public synchronized int read(long position, ByteBuffer into) {
      if (position >= length) {
        return -1;
      }
      int from = Math.toIntExact(position);
      int count = Math.min(into.remaining(), length - from);
      into.put(array, from, count);
      return count;
    }

    synchronized void append(ByteBuffer bytes) {
      int count = bytes.remaining();
      if (length + count > array.length) {
        byte[] larger = new byte[Math.max(2 * array.length, length + count)];
        System.arraycopy(array, 0, larger, 0, length);
        array = larger;
      }
      bytes.get(array, length, count);
      length += count;
    }

    synchronized void damage() {
      array[length / 2] ^= 1;
    }

    synchronized void truncate(long size) {
      length = Math.toIntExact(size);
    }

    @Override
    public void close() {}
  }

  private static final class Store implements SnapshotStore {
    private final Map<String, Bytes> snapshots = new TreeMap<>();
    private final Map<String, Bytes> drafts = new TreeMap<>();

    @Override
    public synchronized List<String> names() {
      return new ArrayList<>(snapshots.keySet());
    }

    @Override
    public synchronized Content open(String name) throws NoSuchFileException {
      @Nullable Bytes content = snapshots.get(name);
      if (content == null) {
        throw new NoSuchFileException(name);
      }
      return content;
    }

    @Override
    public synchronized void delete(String name) {
      snapshots.remove(name);
    }

    @Override
    public synchronized List<String> drafts() {
      return new ArrayList<>(drafts.keySet());
    }

    @Override
    public synchronized Draft draft(String name) {
      return new OpenDraft(this, name, drafts.computeIfAbsent(name, key -> new Bytes()));
    }

    @Override
    public synchronized void deleteDraft(String name) {
      drafts.remove(name);
    }

    private synchronized void damage() {
      snapshots.values().forEach(Bytes::damage);
    }

    private synchronized void publish(String draft, Bytes bytes, String name) {
      drafts.remove(draft);
      snapshots.put(name, bytes);
    }
  }

  private record OpenDraft(Store store, String name, Bytes bytes) implements SnapshotStore.Draft {
    @Override
    public long size() {
      return bytes.size();
    }

    @Override
    public int read(long position, ByteBuffer into) {
      return bytes.read(position, into);
    }

    @Override
    public void append(ByteBuffer more) {
      bytes.append(more);
    }

    @Override
    public void truncate(long size) {
      bytes.truncate(size);
    }

    @Override
    public void sync() {}

    @Override
    public void publish(String publishedName) {
      store.publish(name, bytes, publishedName);
    }

    @Override
    public void discard() {
      store.deleteDraft(name);
    }

    @Override
    public void close() {}
  }
}
