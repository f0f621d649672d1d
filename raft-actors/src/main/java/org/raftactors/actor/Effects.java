package org.raftactors.actor;

import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.jspecify.annotations.Nullable;
import org.raftactors.RaftPartition;
import org.raftactors.Read;
import org.raftactors.TakeSnapshot;
import org.raftactors.TransferLeadership;
import org.raftactors.core.Effect;
import org.raftactors.core.RaftCore;
import org.raftactors.core.Refusal;
import org.raftactors.core.Role;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.write.DurableState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what the core wants done, in order. There is nothing left to decide here, and nothing to
 * wait for.
 */
final class Effects {

  private static final Logger logger = LoggerFactory.getLogger(Effects.class);

  private final ActorContext<RaftPartition.Command> context;
  private final ReplicaBlueprint<?, ?, ?> blueprint;
  private final RaftCore core;
  private final Peers peers;
  private final ActorRef<StateMachineHost.Command> host;
  private final HandedOver handedOver;
  private final JournalReader journalReader;
  private final SnapshotTraffic snapshots;
  private final Answers answers;
  private final ProposalAnswers proposalAnswers = new ProposalAnswers();
  private DurableState durable;
  private long now;
  private @Nullable String failStop;

  Effects(
      ActorContext<RaftPartition.Command> context,
      ReplicaBlueprint<?, ?, ?> blueprint,
      RaftCore core,
      Peers peers,
      ActorRef<StateMachineHost.Command> host,
      HandedOver handedOver,
      JournalReader journalReader,
      SnapshotTraffic snapshots,
      Answers answers,
      DurableState durable) {
    this.context = context;
    this.blueprint = blueprint;
    this.core = core;
    this.peers = peers;
    this.host = host;
    this.handedOver = handedOver;
    this.journalReader = journalReader;
    this.snapshots = snapshots;
    this.answers = answers;
    this.durable = durable;
  }

  /** The journal has got further. */
  void advance(DurableState newDurable) {
    boolean baseMoved = !newDurable.base().equals(durable.base());
    durable = newDurable;
    if (baseMoved) {
      snapshots.baseMoved();
    }
  }

  DurableState durable() {
    return durable;
  }

  /**
   * Does all that the core's steps so far want done.
   *
   * @param monotonicNow the time of the step
   * @throws StorageStalled if the core wants to stop, after everything else was done
   */
  void execute(long monotonicNow) {
    now = monotonicNow;
    try {
      core.takeEffects(this::executeOne);
    } finally {
      proposalAnswers.flush();
    }
    if (failStop != null) {
      throw new StorageStalled(blueprint.label() + " stops: " + failStop);
    }
  }

  private void executeOne(Effect effect) {
    if (effect instanceof Effect.Send send) {
      peers.send(send.to(), send.message(), now);
    } else if (effect instanceof Effect.Apply apply) {
      handedOver.add(apply.batch());
      host.tell(new StateMachineHost.Apply(apply.batch()));
    } else if (effect instanceof Effect.ServeRead serve) {
      serve(serve.waiter());
    } else if (effect instanceof Effect.Fetch fetch) {
      fetch(fetch);
    } else if (effect instanceof Effect.LeadershipChanged change) {
      snapshots.leads(change.role() == Role.LEADER);
      log(change);
    } else if (effect instanceof Effect.FailStop stop) {
      failStop = stop.reason();
    } else if (effect instanceof Effect.SendSnapshot snapshot) {
      snapshots.send(snapshot);
    } else if (effect instanceof Effect.InstallSnapshot snapshot) {
      snapshots.install(snapshot);
    } else {
      answer(effect);
    }
  }

  private void answer(Effect effect) {
    if (effect instanceof Effect.RejectProposal no) {
      proposalAnswers.tell(no.waiter(), answers.rejected(no.refusal(), no.leader()));
    } else if (effect instanceof Effect.ProposalUnknown unknown) {
      proposalAnswers.tell(unknown.waiter(), Answers.unknown(unknown.uncertainty()));
    } else if (effect instanceof Effect.RejectRead no) {
      reject(no.waiter(), no.refusal(), no.leader());
    } else if (effect instanceof Effect.TransferEnded ended) {
      Answers.transferEnded((TransferLeadership) ended.waiter(), ended.outcome());
    } else {
      throw new IllegalArgumentException("no such effect: " + effect.getClass());
    }
  }

  /** All that a reader, or a snapshot that is to be up to date, must see was handed over. */
  private void serve(Object waiter) {
    if (waiter instanceof TakeSnapshot request) {
      snapshots.take(request);
    } else {
      serve((Read) waiter);
    }
  }

  private void reject(Object waiter, Refusal refusal, @Nullable ReplicaId leader) {
    if (waiter instanceof TakeSnapshot request) {
      Answers.reject(request, refusal);
    } else {
      answers.reject((Read) waiter, refusal, leader);
    }
  }

  /** Has a read answered from what is applied, behind everything that was handed over so far. */
  void serve(Read read) {
    handedOver.add(read);
    host.tell(new StateMachineHost.Query(read));
  }

  private void fetch(Effect.Fetch fetch) {
    context.pipeToSelf(
        journalReader.read(fetch, durable),
        (entries, failure) ->
            new ShellMessage.Fetched(fetch, entries == null ? List.of() : entries, failure));
  }

  /**
   * Says why nothing was read back; the core asks again.
   *
   * @throws IllegalStateException if that is of no use, since the journal is damaged
   */
  void check(ShellMessage.Fetched fetched) {
    if (!fetched.entries().isEmpty()) {
      return;
    }
    Throwable failure = fetched.failure();
    long from = fetched.fetch().firstIndex();
    if (Fatality.reason(failure, blueprint) != null) {
      throw new IllegalStateException(
          blueprint.label() + " cannot read entries from " + from + " back", failure);
    }
    logger.warn(
        "partition={} replica={}: cannot read entries from {} back from the journal{}",
        blueprint.spec().partition(),
        blueprint.spec().self(),
        from,
        failure == null ? ", which does not have them" : "",
        failure);
  }

  private void log(Effect.LeadershipChanged change) {
    logger.info(
        "partition={} replica={} term={} role={} leader={} published={}",
        blueprint.spec().partition(),
        blueprint.spec().self(),
        change.term(),
        change.role(),
        change.leader() == null ? "none" : change.leader(),
        change.published());
  }

  /** The replica stops: who waits gets an answer, and nothing else is done any more. */
  void answerOnly(Refusal refusal) {
    try {
      core.takeEffects(
          effect -> {
            if (effect instanceof Effect.Apply apply) {
              HandedOver.abandon(apply.batch(), -1);
            } else if (effect instanceof Effect.ServeRead serve) {
              reject(serve.waiter(), refusal, null);
            } else if (isAnswer(effect)) {
              answer(effect);
            }
          });
    } finally {
      proposalAnswers.flush();
    }
  }

  private static boolean isAnswer(Effect effect) {
    return effect instanceof Effect.RejectProposal
        || effect instanceof Effect.ProposalUnknown
        || effect instanceof Effect.RejectRead
        || effect instanceof Effect.TransferEnded;
  }
}
