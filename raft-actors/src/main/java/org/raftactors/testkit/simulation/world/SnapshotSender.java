package org.raftactors.testkit.simulation.world;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.raftactors.core.Effect;
import org.raftactors.testkit.simulation.plan.Parameters;

/**
 * Sends the snapshots of one incarnation as the senders in production do: finds a good one, offers
 * it until it is taken or nothing is heard for too long, and tells its replica once how it ended.
 * What was sent in the name of a leadership that is over just stops.
 */
final class SnapshotSender {

  /** How often an offer is repeated before the receiver counts as silent. */
  private static final int OFFERS = 6;

  private final Shell shell;
  private final Node node;
  private final World world;
  private final Parameters.Snapshots shape;
  private final @Nullable Sending[] sending;

  SnapshotSender(Shell shell, World world) {
    this.shell = shell;
    this.node = shell.node();
    this.world = world;
    this.shape = world.plan().parameters().snapshots();
    this.sending = new @Nullable Sending[world.plan().parameters().replicas()];
  }

  void send(Effect.SendSnapshot effect) {
    int to = (int) effect.to().value() - 1;
    Sending former = sending[to];
    if (former != null) {
      former.ended = true;
    }
    Sending next = new Sending(shell, to, effect.term(), effect.atLeastIndex());
    sending[to] = next;
    node.laterSelf(node.span(shape.saveSpan()), () -> find(next));
  }

  /** Leads no more: nobody wants what was being sent. */
  void stopAll() {
    for (Sending one : sending) {
      if (one != null) {
        one.ended = true;
      }
    }
    Arrays.fill(sending, null);
  }

  private void find(Sending one) {
    if (one.ended) {
      return;
    }
    one.heardAt = world.now();
    SnapshotFile found = node.files().newestFrom(one.atLeastIndex);
    if (found == null || node.failsNow(shape.failure())) {
      one.file = found;
      end(one, false);
      return;
    }
    one.file = found;
    offer(one, found);
  }

  private void offer(Sending one, SnapshotFile file) {
    if (one.ended) {
      return;
    }
    if (world.now() - one.heardAt > OFFERS * resendAfter()) {
      end(one, false);
      return;
    }
    post(one.to, new SnapshotPost.Offer(one, one.term, file));
    node.laterSelf(resendAfter(), () -> offer(one, file));
  }

  private long resendAfter() {
    return 1 + shape.transferSpan() / 2 + world.plan().parameters().settings().heartbeatInterval();
  }

  private void post(int to, SnapshotPost post) {
    world.network().post(node.index(), to, post, world.now());
  }

  void heard(SnapshotPost post) {
    if (post instanceof SnapshotPost.Coming coming) {
      coming.sending().heardAt = world.now();
    } else if (post instanceof SnapshotPost.Ended ended && !ended.sending().ended) {
      end(ended.sending(), ended.delivered());
    }
  }

  private void end(Sending one, boolean delivered) {
    one.ended = true;
    node.laterSelf(node.mailboxWait(), () -> ended(one, delivered));
  }

  private void ended(Sending one, boolean delivered) {
    if (sending[one.to] == one) {
      sending[one.to] = null;
    }
    SnapshotFile file = one.file;
    long index = file == null ? 0 : file.index();
    if (world.isTracing()) {
      String to = world.node(one.to).id() + (delivered ? " is delivered" : " has failed");
      world.trace(node, "snapshot " + index + " for " + to + ", term " + one.term);
    }
    if (file == null && !delivered) {
      shell.snapshots().take(); // there was none to send; the core will want it again
    }
    shell.core().snapshotSent(world.node(one.to).id(), one.term, index, delivered, node.localNow());
    shell.settle();
  }
}
