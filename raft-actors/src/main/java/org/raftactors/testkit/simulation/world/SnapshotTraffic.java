package org.raftactors.testkit.simulation.world;

import org.jspecify.annotations.Nullable;
import org.raftactors.core.RaftCore;
import org.raftactors.core.SavedSnapshot;
import org.raftactors.core.log.SnapshotBase;
import org.raftactors.core.write.DurableState;
import org.raftactors.testkit.simulation.check.Property;
import org.raftactors.testkit.simulation.check.Violation;
import org.raftactors.testkit.simulation.plan.Parameters;

/**
 * The snapshots of one incarnation: has the machine take and install them, and tells the core what
 * came of it, as the partition actor does. Judges the base that the core's log moves to.
 */
final class SnapshotTraffic {

  private final Shell shell;
  private final Node node;
  private final World world;
  private final Parameters.Snapshots shape;
  private final SnapshotSender sender;
  private final SnapshotReceiver receiver;
  private boolean taking;
  private SnapshotBase base;

  SnapshotTraffic(Shell shell, World world) {
    this.shell = shell;
    this.node = shell.node();
    this.world = world;
    this.shape = world.plan().parameters().snapshots();
    this.sender = new SnapshotSender(shell, world);
    this.receiver = new SnapshotReceiver(shell, world);
    this.base = node.disk().state().base();
  }

  SnapshotSender sender() {
    return sender;
  }

  void heard(SnapshotPost post) {
    if (post instanceof SnapshotPost.Offer offer) {
      receiver.offered(offer);
    } else {
      sender.heard(post);
    }
  }

  /** Takes one now, if none is being taken. */
  void take() {
    if (!taking && shape.every() > 0) {
      taking = true;
      shell.machine().wantView();
    }
  }

  /** The machine has made a view, or there is nothing new. */
  void viewed(@Nullable SnapshotFile view) {
    if (view == null) {
      taking = false;
    } else if (node.failsNow(shape.failure())) {
      node.laterSelf(node.span(shape.saveSpan()), this::again);
    } else {
      node.onDisk(node.span(shape.saveSpan()), () -> written(view));
    }
  }

  private void again() {
    taking = false;
    take();
  }

  /** Durable; the replica hears of it in its turn. */
  private void written(SnapshotFile file) {
    node.files().save(file);
    node.perhapsCrash();
    long oldest = node.files().oldestKept(shape.kept(), file.index());
    node.laterSelf(
        node.mailboxWait(),
        () -> {
          taking = false;
          shell.machine().saved(file);
          saved(file, oldest);
          shell.settle();
        });
  }

  /** Tells the core of a snapshot that is durable and in use. */
  void saved(SnapshotFile file, long oldestRetained) {
    DurableState durable = node.disk().state();
    long last = durable.last().index();
    SavedSnapshot snapshot =
        new SavedSnapshot(
            file.base(),
            oldestRetained,
            Math.max(0, last - shape.tailEntries() + 1),
            Math.max(0, last - shape.followersEntries() + 1),
            shape.cheaperEntries() < 0 ? 0 : Math.max(0, file.index() - shape.cheaperEntries()));
    if (world.isTracing()) {
      world.trace(node, "has saved " + snapshot);
    }
    RaftCore core = shell.core();
    long appliedBefore = core.appliedIndex();
    boolean installing = core.status().installing();
    core.snapshotSaved(snapshot, node.localNow());
    checkBound(snapshot, installing, appliedBefore);
  }

  /** No more of the log stays than was asked for. */
  private void checkBound(SavedSnapshot snapshot, boolean installing, long applied) {
    long may = Math.min(snapshot.tailFrom(), snapshot.followersFrom()) - 1;
    long bound = Math.min(Math.min(snapshot.oldestRetainedIndex(), may), applied);
    long now = shell.core().base().position().index();
    if (!installing && now < bound) {
      throw new Violation(
          Property.LOG_BASE,
          node.id() + " keeps its log from " + now + " on, though it has " + snapshot);
    }
  }

  /** The machine holds the snapshot that was to be installed. */
  void installed(SnapshotFile file) {
    world.trace(node, "has installed");
    node.perhapsCrash();
    shell.core().snapshotInstalled(file.index(), node.localNow());
    saved(file, file.index());
    shell.settle();
  }

  /** The log on disk stands on a later base: older files may go. */
  void baseMoved() {
    node.files().prune(shape.kept(), shell.core().appliedIndex());
  }

  /** After each input: the log never passes what is kept to replace it. */
  @SuppressWarnings("ReferenceEquality") // nearly always the very same one
  void stepped() {
    SnapshotBase now = shell.core().base();
    if (now == base) {
      return;
    }
    boolean moved = !now.equals(base);
    base = now;
    if (!moved) {
      return; // a start reads it from several places
    }
    node.perhapsCrash();
    long index = now.position().index();
    boolean installing = shell.core().status().installing();
    long oldest =
        installing
            ? node.files().newest()
            : node.files()
                .oldestKept(shape.kept(), node.files().newestUpTo(shell.core().appliedIndex()));
    if (index > oldest) {
      throw new Violation(
          Property.LOG_BASE,
          node.id() + " lets its log go up to " + index + ", but keeps snapshots from " + oldest);
    }
  }
}
