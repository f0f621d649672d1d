package org.raftactors.testkit.simulation.world;

import java.util.function.Consumer;
import org.raftactors.core.Effect;
import org.raftactors.core.RaftCore;
import org.raftactors.core.Role;
import org.raftactors.core.message.Heartbeat;
import org.raftactors.testkit.simulation.check.Request;

/** Does what a core wants done, in order, as the partition actor does. */
final class Effects implements Consumer<Effect> {

  private final Shell shell;
  private final Node node;
  private final World world;
  private final Consumer<Effect> answers = this::answerOnly;
  private boolean failStop;

  Effects(Shell shell, World world) {
    this.shell = shell;
    this.node = shell.node();
    this.world = world;
  }

  /** Does all; returns whether the replica must stop now. */
  boolean execute(RaftCore core) {
    core.takeEffects(this);
    boolean stop = failStop;
    failStop = false;
    return stop;
  }

  /** The replica stops: who waits is answered, and nothing else is done any more. */
  void answersOnly(RaftCore core) {
    core.takeEffects(answers);
  }

  @Override
  public void accept(Effect effect) {
    if (effect instanceof Effect.Send send) {
      send(send);
    } else if (effect instanceof Effect.Apply apply) {
      shell.machine().add(apply.batch());
    } else if (effect instanceof Effect.ServeRead serve) {
      Request request = (Request) serve.waiter();
      world.safety().confirmations().confirmed(node, request);
      shell.machine().add(request, serve.readIndex());
    } else if (effect instanceof Effect.Fetch fetch) {
      if (world.isTracing()) {
        world.trace(node, Describe.fetch(fetch));
      }
      node.fetch(fetch);
    } else if (effect instanceof Effect.LeadershipChanged change) {
      if (change.published() && change.role() == Role.LEADER) {
        shell.conduct().published();
      }
      if (change.role() != Role.LEADER) {
        shell.snapshots().sender().stopAll();
      }
      if (world.isTracing()) {
        world.trace(node, Describe.leadership(change));
      }
    } else if (effect instanceof Effect.FailStop stop) {
      world.trace(node, "fail-stop: " + stop.reason());
      failStop = true;
    } else if (effect instanceof Effect.SendSnapshot send) {
      world.trace(node, "is to send a snapshot to " + send.to());
      shell.snapshots().sender().send(send);
    } else if (effect instanceof Effect.InstallSnapshot install) {
      world.trace(node, "is to install a snapshot");
      shell.machine().add(install.base());
    } else {
      answer(effect);
    }
  }

  private void send(Effect.Send send) {
    world.safety().promises().leaves(node, send.to(), send.message());
    shell.conduct().leaves(send.to(), send.message());
    if (send.message() instanceof Heartbeat heartbeat) {
      world.safety().confirmations().leaves(node, heartbeat, world.inputs());
    }
    int to = (int) send.to().value() - 1;
    boolean arrives = world.network().send(node.index(), to, send.message(), world.now());
    if (world.isTracing()) {
      world.trace(
          node,
          "-> " + send.to() + " " + Describe.message(send.message()) + (arrives ? "" : " (lost)"));
    }
  }

  private void answerOnly(Effect effect) {
    if (effect instanceof Effect.Apply apply) {
      for (Object waiter : apply.batch().waiters()) {
        if (waiter != null) {
          shell.unknown((Request) waiter);
        }
      }
    } else if (effect instanceof Effect.ServeRead serve) {
      shell.reject((Request) serve.waiter(), null);
    } else if (effect instanceof Effect.ProposalUnknown unknown) {
      shell.unknown((Request) unknown.waiter()); // also of what is committed: it stops
    } else if (isAnswer(effect)) {
      answer(effect);
    }
  }

  private static boolean isAnswer(Effect effect) {
    return effect instanceof Effect.RejectProposal
        || effect instanceof Effect.RejectRead
        || effect instanceof Effect.TransferEnded;
  }

  private void answer(Effect effect) {
    if (effect instanceof Effect.RejectProposal reject) {
      shell.reject((Request) reject.waiter(), reject.leader());
    } else if (effect instanceof Effect.RejectRead reject) {
      shell.reject((Request) reject.waiter(), reject.leader());
    } else if (effect instanceof Effect.ProposalUnknown unknown) {
      if (!failStop) {
        shell.conduct().unknown((Request) unknown.waiter());
      }
      shell.unknown((Request) unknown.waiter());
    } else if (effect instanceof Effect.TransferEnded ended) {
      shell.conduct().ends((Request) ended.waiter(), ended.outcome());
      shell.transferEnded((Request) ended.waiter());
    } else {
      throw new IllegalArgumentException("no such effect: " + effect.getClass());
    }
  }
}
