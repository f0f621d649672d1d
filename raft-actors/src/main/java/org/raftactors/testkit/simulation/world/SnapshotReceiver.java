package org.raftactors.testkit.simulation.world;

import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.raftactors.core.RaftCore;
import org.raftactors.testkit.simulation.plan.Parameters;

/**
 * Receives the snapshots of one incarnation as the receiver in production does, one at a time. The
 * file is durable first; then the replica hears of it, and then the sender.
 */
final class SnapshotReceiver {

  /** One that is coming in. */
  private static final class Incoming {
    SnapshotPost.Offer offer;

    Incoming(SnapshotPost.Offer offer) {
      this.offer = offer;
    }
  }

  private final Shell shell;
  private final Node node;
  private final World world;
  private final Parameters.Snapshots shape;
  private final SplittableRandom random;
  private @Nullable Incoming current;

  SnapshotReceiver(Shell shell, World world) {
    this.shell = shell;
    this.node = shell.node();
    this.world = world;
    this.shape = world.plan().parameters().snapshots();
    this.random = node.snapshotRandom();
  }

  /** An offer goes on, unless this replica has all that the snapshot holds. */
  void offered(SnapshotPost.Offer offer) {
    RaftCore core = shell.core();
    boolean stateIsHere = core.appliedIndex() >= core.base().position().index();
    if (stateIsHere && core.commitIndex() >= offer.file().index()) {
      answer(offer, true);
      return;
    }
    Incoming now = current;
    if (now != null && now.offer.file().isSameAs(offer.file())) {
      now.offer = offer; // by a sender that was started again, or by another
      post(offer, new SnapshotPost.Coming(offer.sending()));
    } else if (now != null && now.offer.file().index() >= offer.file().index()) {
      answer(offer, false);
    } else if (now == null && node.failsNow(shape.failure())) {
      answer(offer, false); // busy with those of others
    } else {
      if (now != null) {
        answer(now.offer, false);
      }
      begin(new Incoming(offer));
    }
  }

  private void begin(Incoming incoming) {
    current = incoming;
    post(incoming.offer, new SnapshotPost.Coming(incoming.offer.sending()));
    boolean isHere = node.files().has(incoming.offer.file());
    long wait = isHere ? 0 : node.span(shape.transferSpan());
    node.laterSelf(wait, () -> pulled(incoming, isHere));
  }

  /** All bytes are here, if somebody gave them out. */
  private void pulled(Incoming incoming, boolean isHere) {
    if (current != incoming) {
      return;
    }
    int from = incoming.offer.sending().owner.node().index();
    boolean came =
        isHere
            || (incoming.offer.sending().isAlive()
                && !world.network().link(from, node.index()).isCut()
                && !world.network().link(node.index(), from).isCut());
    if (!came) {
      current = null; // its sender hears nothing of it
    } else if (node.failsNow(shape.failure())) {
      current = null;
      answer(incoming.offer, false);
    } else {
      node.onDisk(
          node.span(shape.saveSpan()),
          () -> {
            if (current == incoming) {
              node.files().save(incoming.offer.file());
              node.perhapsCrash();
              node.laterSelf(0, () -> whole(incoming));
            }
          });
    }
  }

  /** In this order: what the sender does next finds a replica that knows of it. */
  private void whole(Incoming incoming) {
    SnapshotPost.Offer offer = incoming.offer;
    if (current == incoming) {
      current = null;
    }
    node.laterSelf(0, () -> received(offer));
    answer(offer, true);
    if (random.nextInt(1000) < shape.again()) {
      node.laterSelf(node.span(4 * shape.transferSpan()), () -> received(offer));
    }
  }

  private void received(SnapshotPost.Offer offer) {
    SnapshotFile file = offer.file();
    if (world.isTracing()) {
      world.trace(node, "has received snapshot " + file.base().position() + " of " + offer.term());
    }
    node.perhapsCrash();
    shell
        .core()
        .snapshotReceived(offer.term(), file.base(), file.timestampMillis(), node.localNow());
    shell.settle();
  }

  private void answer(SnapshotPost.Offer offer, boolean delivered) {
    post(offer, new SnapshotPost.Ended(offer.sending(), delivered));
  }

  private void post(SnapshotPost.Offer offer, SnapshotPost post) {
    int to = offer.sending().owner.node().index();
    world.network().post(node.index(), to, post, world.now());
  }
}
