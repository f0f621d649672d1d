package org.raftactors.actor;

import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.raftactors.RaftPartition;
import org.raftactors.StateMachine;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.write.DurableState;

/**
 * A state machine that is about to get its host.
 *
 * @param blueprint of the replica
 * @param stateMachine fresh, or with storage of its own
 * @param position what it has applied already
 */
record HostStart<C, Q, R>(
    ReplicaBlueprint<C, Q, R> blueprint, StateMachine<C, Q, R> stateMachine, LogPosition position) {

  /**
   * Makes the state machine, on the replica's thread, and checks what it claims to have applied.
   *
   * @throws StateMachineFailure if it claims more than the log holds, or cannot be made
   */
  static <C, Q, R> HostStart<C, Q, R> of(
      ReplicaBlueprint<C, Q, R> blueprint, DurableState durable) {
    StateMachine<C, Q, R> stateMachine;
    long claimed;
    try {
      stateMachine = blueprint.factory().create(blueprint.spec().partition());
      claimed = stateMachine.durableIndex();
    } catch (RuntimeException | AssertionError | LinkageError e) {
      throw new StateMachineFailure(blueprint.label() + " cannot make its state machine: " + e, e);
    }
    long base = durable.base().position().index();
    if (claimed < 0 || claimed > durable.last().index()) {
      throw new StateMachineFailure(
          blueprint.label()
              + ": the state machine claims to have applied index "
              + claimed
              + ", but the log ends at "
              + durable.last());
    }
    long applied = Math.max(base, claimed);
    LogPosition position = new LogPosition(applied, durable.terms().termAt(applied));
    return new HostStart<>(blueprint, stateMachine, position);
  }

  /** Starts the host as a watched child. */
  ActorRef<StateMachineHost.Command> spawn(
      ActorContext<RaftPartition.Command> context, HandedOver.Progress progress) {
    String dispatcher = blueprint.settings().stateMachineDispatcher();
    ActorRef<StateMachineHost.Command> host =
        context.spawn(
            StateMachineHost.create(blueprint, stateMachine, position, progress, context.getSelf()),
            "state-machine",
            dispatcher.isEmpty()
                ? DispatcherSelector.sameAsParent()
                : DispatcherSelector.fromConfig(dispatcher));
    context.watch(host);
    return host;
  }
}
