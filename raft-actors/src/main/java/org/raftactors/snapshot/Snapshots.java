package org.raftactors.snapshot;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.raftactors.PartitionSettings;
import org.raftactors.ReplicaSpec;
import org.raftactors.SnapshotView;
import org.raftactors.core.log.LogPosition;

/**
 * The snapshots of one replica: writes, finds, checks, stages and deletes them. Every method
 * blocks; none is called on the thread of a partition. It keeps nothing in memory: what is in the
 * store is what counts, also after a crash.
 *
 * <p>A snapshot is durable and whole when {@link #write} or {@link Staging#complete} returns, and
 * absent before; a crash in between leaves one or the other, and perhaps a draft. Drafts of writing
 * are removed at the next start, those of receiving but the newest too.
 */
public final class Snapshots implements Closeable {

  /**
   * What there is.
   *
   * @param usable the newest first; that their beginning and end fit was checked, not all of them
   * @param damaged what can never be used
   */
  public record Listing(List<SnapshotInfo> usable, List<UnusableSnapshotException> damaged) {}

  private static final String WRITING = ".writing";
  private static final String RECEIVING = ".receiving";
  private static final Comparator<SnapshotInfo> NEWEST_FIRST =
      Comparator.comparingLong((SnapshotInfo info) -> info.position().index()).reversed();

  private final ReplicaSpec spec;
  private final SnapshotStore store;

  Snapshots(ReplicaSpec spec, SnapshotStore store) {
    this.spec = spec;
    this.store = store;
  }

  /**
   * Opens the snapshots of a replica and removes what a crash left of writing.
   *
   * @param system the actor system
   * @param settings of the partition, which name the kind of store
   * @param spec the replica
   * @return its snapshots
   * @throws IOException if the store fails
   * @throws IllegalArgumentException naming a setting that is wrong
   */
  public static Snapshots open(ActorSystem<?> system, PartitionSettings settings, ReplicaSpec spec)
      throws IOException {
    SnapshotStoreFactory factory = StoreFactories.create(settings.snapshots().store());
    Snapshots snapshots = new Snapshots(spec, factory.open(system, settings, spec));
    snapshots.cleanUp();
    return snapshots;
  }

  /** What was being written is of no use any more; of what was being received, the newest is. */
  void cleanUp() throws IOException {
    List<String> drafts = new ArrayList<>(store.drafts());
    drafts.sort(Comparator.reverseOrder());
    boolean kept = false;
    for (String draft : drafts) {
      if (draft.endsWith(RECEIVING) && !kept) {
        kept = true;
      } else {
        store.deleteDraft(draft);
      }
    }
  }

  /** Sorts by position. */
  static String nameOf(LogPosition position) {
    return String.format(Locale.ROOT, "%019d-%019d", position.index(), position.term());
  }

  /**
   * Looks at all snapshots.
   *
   * @return what there is
   * @throws IOException if the store fails
   */
  public Listing list() throws IOException {
    List<SnapshotInfo> usable = new ArrayList<>();
    List<UnusableSnapshotException> damaged = new ArrayList<>();
    for (String name : store.names()) {
      try (SnapshotStore.Content content = store.open(name)) {
        usable.add(look(name, content));
      } catch (UnusableSnapshotException e) {
        damaged.add(e);
      } catch (NoSuchFileException e) {
        // Deleted since the names were listed.
      }
    }
    usable.sort(NEWEST_FIRST);
    return new Listing(List.copyOf(usable), List.copyOf(damaged));
  }

  private SnapshotInfo look(String name, SnapshotStore.Content content) throws IOException {
    FrameReader frames = new FrameReader(name, content);
    String hash = frames.hashInTrailer();
    return checked(new SnapshotInfo(name, frames.header(), content.size(), hash));
  }

  /** Refuses what is whole, but somebody else's, or stands under another's name. */
  private SnapshotInfo checked(SnapshotInfo info) throws UnusableSnapshotException {
    checkOwner(info.name(), info.header());
    if (!info.name().equals(nameOf(info.position()))) {
      throw new UnusableSnapshotException(
          info.name(), "it is the one at " + info.position() + " under another name");
    }
    return info;
  }

  private void checkOwner(String name, SnapshotHeader header) throws UnusableSnapshotException {
    if (!header.clusterId().equals(spec.clusterId())
        || !header.partition().equals(spec.partition())) {
      throw new UnusableSnapshotException(
          name,
          "it is of cluster '"
              + header.clusterId()
              + "' and partition "
              + header.partition()
              + ", not of cluster '"
              + spec.clusterId()
              + "' and partition "
              + spec.partition());
    }
  }

  /**
   * Writes a snapshot, durably.
   *
   * @param header its label
   * @param view the state; closed in any case
   * @param cancelled asked again and again; once true, writing ends with an exception
   * @return the snapshot
   * @throws IOException if the store or the view fails; then there is nothing left of it
   */
  public SnapshotInfo write(SnapshotHeader header, SnapshotView view, BooleanSupplier cancelled)
      throws IOException {
    try (view) {
      checkOwner("to be written", header);
      String name = nameOf(header.base().position());
      SnapshotStore.Draft draft = store.draft(name + WRITING);
      try {
        draft.truncate(0);
        SnapshotOutput out = new SnapshotOutput(draft, header, cancelled);
        view.writeTo(out);
        String hash = out.finish();
        draft.publish(name);
        return new SnapshotInfo(name, header, out.sizeBytes(), hash);
      } catch (IOException | RuntimeException | Error e) {
        discard(draft, e);
        throw e;
      }
    }
  }

  private static void discard(SnapshotStore.Draft draft, Throwable reason) {
    try {
      draft.discard();
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }

  /**
   * Reads a snapshot from its first byte to its last and checks all of it.
   *
   * @param info of the snapshot
   * @throws UnusableSnapshotException if it is not what was written, or not that one any more
   * @throws IOException if the store fails
   */
  public void verify(SnapshotInfo info) throws IOException {
    try (SnapshotStore.Content content = store.open(info.name())) {
      FrameReader frames = new FrameReader(info.name(), content);
      while (frames.next()) {
        // Checks each part.
      }
      if (!frames.hash().equals(info.hash())) {
        throw new UnusableSnapshotException(info.name(), "it is another one now");
      }
    }
  }

  /** Opens the bytes of a snapshot, as they stand in the store. */
  SnapshotStore.Content content(SnapshotInfo info) throws IOException {
    return store.open(info.name());
  }

  /** Opens the state in a snapshot; the content is the caller's to close. */
  static SnapshotInput input(SnapshotInfo info, SnapshotStore.Content content) throws IOException {
    return new SnapshotInput(new FrameReader(info.name(), content), bytes -> {});
  }

  /**
   * Takes up receiving a snapshot, where it was left if that was this very one. What was received
   * of another is removed.
   *
   * @param position its label
   * @param sizeBytes of the whole
   * @param hash that identifies it
   */
  Staging stage(LogPosition position, long sizeBytes, String hash) throws IOException {
    String draft = nameOf(position) + "-" + hash.substring(0, 16) + RECEIVING;
    for (String other : store.drafts()) {
      if (other.endsWith(RECEIVING) && !other.equals(draft)) {
        store.deleteDraft(other);
      }
    }
    return Staging.resume(store.draft(draft), nameOf(position), sizeBytes, hash, this::checkOwner);
  }

  /**
   * Deletes what is beyond the newest ones: older snapshots and damaged ones as old.
   *
   * @param keep how many usable ones stay at least
   * @param upTo those above this index do not count and are not touched
   * @return the names of what was deleted
   * @throws IOException if the store fails
   */
  public List<String> prune(int keep, long upTo) throws IOException {
    List<String> deleted = new ArrayList<>();
    List<SnapshotInfo> counted = usableUpTo(upTo);
    if (counted.size() < keep) {
      return deleted;
    }
    String oldest = counted.get(keep - 1).name();
    for (String name : store.names()) {
      if (name.compareTo(oldest) < 0) {
        store.delete(name);
        deleted.add(name);
      }
    }
    return deleted;
  }

  /**
   * How far the log must reach back.
   *
   * @param keep how many usable ones stay
   * @param upTo those above this index do not count
   * @return the index of the oldest that stays, or this index if there is none
   * @throws IOException if the store fails
   */
  public long oldestKept(int keep, long upTo) throws IOException {
    List<SnapshotInfo> counted = usableUpTo(upTo);
    return counted.isEmpty()
        ? upTo
        : counted.get(Math.min(keep, counted.size()) - 1).position().index();
  }

  private List<SnapshotInfo> usableUpTo(long index) throws IOException {
    return list().usable().stream().filter(info -> info.position().index() <= index).toList();
  }

  @Override
  public void close() throws IOException {
    store.close();
  }

  /** Bytes at a position; fewer at the end. */
  static byte[] read(SnapshotStore.Content content, long position, int length) throws IOException {
    ByteBuffer into = ByteBuffer.allocate(length);
    long at = position;
    while (into.hasRemaining()) {
      int read = content.read(at, into);
      if (read < 0) {
        break;
      }
      at += read;
    }
    byte[] bytes = new byte[into.flip().remaining()];
    into.get(bytes);
    return bytes;
  }
}
