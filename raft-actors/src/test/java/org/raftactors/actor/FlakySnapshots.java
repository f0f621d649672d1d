package org.raftactors.actor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.typed.ActorSystem;
import org.jspecify.annotations.Nullable;
import org.raftactors.PartitionSettings;
import org.raftactors.ReplicaSpec;
import org.raftactors.snapshot.SnapshotStore;
import org.raftactors.snapshot.SnapshotStoreFactory;
import org.raftactors.testkit.InMemorySnapshots;

/** Snapshots in memory that one replica cannot list for a while, once it has received one. */
public final class FlakySnapshots implements SnapshotStoreFactory {

  private static final AtomicReference<@Nullable String> ARMED = new AtomicReference<>();
  private static final AtomicReference<@Nullable String> FAILING = new AtomicReference<>();

  private final InMemorySnapshots snapshots = new InMemorySnapshots();

  /** Called by whoever reads the configuration. */
  public FlakySnapshots() {}

  static void failOnceReceived(String persistenceId) {
    ARMED.set(persistenceId);
  }

  static void mend() {
    ARMED.set(null);
    FAILING.set(null);
  }

  @Override
  public SnapshotStore open(ActorSystem<?> system, PartitionSettings settings, ReplicaSpec spec) {
    return new Store(snapshots.open(system, settings, spec), spec.persistenceId());
  }

  private record Store(SnapshotStore store, String owner) implements SnapshotStore {
    @Override
    public List<String> names() throws IOException {
      if (owner.equals(FAILING.get())) {
        throw new IOException("the snapshots are out of reach");
      }
      return store.names();
    }

    @Override
    public Content open(String name) throws IOException {
      return store.open(name);
    }

    @Override
    public void delete(String name) throws IOException {
      store.delete(name);
    }

    @Override
    public List<String> drafts() throws IOException {
      return store.drafts();
    }

    @Override
    public Draft draft(String name) throws IOException {
      return new FlakyDraft(store.draft(name), owner, name.endsWith(".receiving"));
    }

    @Override
    public void deleteDraft(String name) throws IOException {
      store.deleteDraft(name);
    }

    @Override
    public void close() throws IOException {
      store.close();
    }
  }

  private record FlakyDraft(SnapshotStore.Draft draft, String owner, boolean received)
      implements SnapshotStore.Draft {
    @Override
    public long size() throws IOException {
      return draft.size();
    }

    @Override
    public int read(long position, ByteBuffer into) throws IOException {
      return draft.read(position, into);
    }

    @Override
    public void append(ByteBuffer bytes) throws IOException {
      draft.append(bytes);
    }

    @Override
    public void truncate(long size) throws IOException {
      draft.truncate(size);
    }

    @Override
    public void sync() throws IOException {
      draft.sync();
    }

    @Override
    public void publish(String name) throws IOException {
      draft.publish(name);
      if (received && owner.equals(ARMED.get())) {
        FAILING.set(owner);
      }
    }

    @Override
    public void discard() throws IOException {
      draft.discard();
    }

    @Override
    public void close() throws IOException {
      draft.close();
    }
  }
}
