package org.raftactors.actor;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;
import org.raftactors.Codecs;
import org.raftactors.PartitionId;
import org.raftactors.ProposalResult;
import org.raftactors.Propose;
import org.raftactors.RaftPartition;
import org.raftactors.Read;
import org.raftactors.ReadResult;
import org.raftactors.RejectReason;
import org.raftactors.StateMachine;
import org.raftactors.Token;
import org.raftactors.UnknownReason;
import org.raftactors.core.ApplyBatch;
import org.raftactors.core.log.EntryKind;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.log.Payload;
import org.raftactors.snapshot.OfferedView;
import org.raftactors.snapshot.RestoreOutcome;
import org.raftactors.snapshot.SnapshotEvent;
import org.raftactors.snapshot.SnapshotPolicy;
import org.raftactors.snapshot.SnapshotTaker;
import org.raftactors.snapshot.Snapshots;
import org.raftactors.snapshot.UnusableSnapshotException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the application's state machine: applies batches in log order, answers their proposers,
 * serves queries from what it has applied. Whatever the state machine throws while it applies ends
 * this actor and so the replica: an entry is never skipped. A query that it cannot answer is
 * rejected.
 *
 * <p>Owner of the state machine; nothing of it is durable but what the state machine itself keeps.
 * After a crash a fresh one is fed from the newest snapshot and the log. While it takes over the
 * state of a received snapshot there is none: then nothing is applied and reads are refused.
 *
 * @param <C> commands
 * @param <Q> queries
 * @param <R> results
 */
final class StateMachineHost<C, Q, R> {

  /** What the shell asks for. */
  sealed interface Command {}

  /**
   * Apply, answer, report.
   *
   * @param batch follows directly on the batch before
   */
  record Apply(ApplyBatch batch) implements Command {}

  /**
   * Answer from what is applied.
   *
   * @param read the read
   */
  record Query(Read read) implements Command {}

  /**
   * From now on, tell that a snapshot is due.
   *
   * @param taker is told
   * @param policy says when
   */
  record Attach(ActorRef<SnapshotTaker.Command> taker, SnapshotPolicy policy) implements Command {}

  /**
   * Make a view of what is applied.
   *
   * @param anyway whether also if nothing was applied since the last one
   * @param replyTo gets the view, or why there is none
   */
  record TakeView(boolean anyway, ActorRef<SnapshotTaker.Command> replyTo) implements Command {}

  /**
   * The last view was written, and is durable.
   *
   * @param sizeBytes of the snapshot
   */
  record Saved(long sizeBytes) implements Command {}

  /**
   * Take over the state of a snapshot instead of the present one. Nothing is applied before that is
   * done, and reads are refused.
   *
   * @param snapshots of the replica
   * @param position of the snapshot, above what is applied
   */
  record Install(Snapshots snapshots, LogPosition position) implements Command {}

  /** From the thread that restored: what came of {@link Install}. */
  private record Restored<C, Q, R>(
      LogPosition position,
      @Nullable RestoreOutcome<StateMachine<C, Q, R>> outcome,
      @Nullable Throwable failure)
      implements Command {}

  private static final Logger logger = LoggerFactory.getLogger(StateMachineHost.class);

  /** The generation of a partition whose key range never changed. */
  private static final long GENERATION = 1;

  private final PartitionId partition;
  private final String label;
  private final Codecs<C, Q, R> codecs;
  private final ReplicaBlueprint<C, Q, R> blueprint;
  private final ActorContext<Command> actor;
  private final SnapshotSource source;
  private final long digestEvery;
  private final HandedOver.Progress progress;
  private final ProposalAnswers answers = new ProposalAnswers();
  private final ActorRef<RaftPartition.Command> shell;
  private @Nullable EntryContext context;
  private LogPosition position;
  private @Nullable OfferedView offered;

  /** Null while another state is taken over. */
  private @Nullable StateMachine<C, Q, R> stateMachine;

  private StateMachineHost(
      ActorContext<Command> actor,
      HostStart<C, Q, R> start,
      HandedOver.Progress progress,
      ActorRef<RaftPartition.Command> shell) {
    this.actor = actor;
    this.blueprint = start.blueprint();
    this.digestEvery = blueprint.settings().compareStateEvery();
    this.source = new SnapshotSource(blueprint.spec(), start.origin());
    this.partition = blueprint.spec().partition();
    this.label = blueprint.label();
    this.codecs = blueprint.codecs();
    this.stateMachine = start.stateMachine();
    this.position = start.position();
    this.progress = progress;
    this.shell = shell;
  }

  /**
   * The behavior.
   *
   * @param start the state machine, which belongs to this actor from now on
   * @param progress told after each answer
   * @param shell told after each batch
   */
  static <C, Q, R> Behavior<Command> create(
      HostStart<C, Q, R> start,
      HandedOver.Progress progress,
      ActorRef<RaftPartition.Command> shell) {
    return Behaviors.setup(
        context -> new StateMachineHost<>(context, start, progress, shell).behavior());
  }

  private Behavior<Command> behavior() {
    return Behaviors.receive(Command.class)
        .onMessage(Apply.class, message -> onApply(message.batch()))
        .onMessage(Query.class, message -> onQuery(message.read()))
        .onMessage(Attach.class, message -> onAttach(message.taker(), message.policy()))
        .onMessage(TakeView.class, this::onTakeView)
        .onMessage(Saved.class, message -> onSaved(message.sizeBytes()))
        .onMessage(Install.class, this::onInstall)
        .onMessage(Restored.class, this::onRestored)
        .onSignal(PostStop.class, signal -> onStop())
        .build();
  }

  private Behavior<Command> onApply(ApplyBatch batch) {
    StateMachine<C, Q, R> machine = stateMachine;
    if (machine == null) {
      throw new StateMachineFailure(label + " is to apply entries while it takes a state over");
    }
    List<LogEntry> entries = batch.entries();
    @Nullable Object[] results = new Object[entries.size()];
    for (int i = 0; i < results.length; i++) {
      LogEntry entry = entries.get(i);
      if (!source.add(entry)) {
        throw new StateMachineFailure(
            label + ": the bytes of entry " + entry.position() + " are damaged: not applied");
      }
      if (entry.kind() == EntryKind.COMMAND) {
        results[i] = apply(machine, entry);
      }
      if (entry.index() % digestEvery == 0) {
        source
            .digest()
            .ifPresent(value -> shell.tell(new ShellMessage.Digested(entry.index(), value)));
      }
    }
    position = entries.get(entries.size() - 1).position();
    endBatch(machine);
    answerAll(batch, results);
    shell.tell(new ShellMessage.Applied(position.index(), batch.sizeBytes()));
    source.tellIfDue();
    return Behaviors.same();
  }

  private @Nullable Object apply(StateMachine<C, Q, R> machine, LogEntry entry) {
    try {
      Payload payload = entry.payload();
      C command = codecs.command().decode(payload.bytes(), payload.offset(), payload.length());
      EntryContext at = context == null ? new EntryContext(partition, entry) : context.at(entry);
      context = at;
      return machine.apply(at, command);
    } catch (RuntimeException | AssertionError | LinkageError | StackOverflowError e) {
      // The last two would end the process, for an entry that is in the log of every replica.
      throw new StateMachineFailure(
          label + " cannot apply entry " + entry.position() + ": " + e, e);
    }
  }

  private void endBatch(StateMachine<C, Q, R> machine) {
    try {
      machine.endBatch(position.index());
    } catch (RuntimeException | AssertionError | LinkageError | StackOverflowError e) {
      throw new StateMachineFailure(label + " cannot end the batch at " + position + ": " + e, e);
    }
  }

  /** What counts as answered is told, whatever ends this. */
  private void answerAll(ApplyBatch batch, @Nullable Object[] results) {
    @Nullable Object[] waiters = batch.waiters();
    try {
      for (int i = 0; i < results.length; i++) {
        Object waiter = waiters[i];
        if (waiter != null) {
          LogEntry entry = batch.entries().get(i);
          answers.tell(waiter, outcome(waiter, results[i], entry));
          progress.answeredUpTo(entry.index());
        }
      }
    } finally {
      answers.flush();
    }
  }

  // What apply() returned is an R, null only if that is one: only the array does not say so.
  @SuppressWarnings({"unchecked", "NullAway"})
  private ProposalResult<?> outcome(Object waiter, @Nullable Object result, LogEntry entry) {
    Object value = result;
    if (!(waiter instanceof Propose propose) || propose.resultEncoded()) {
      try {
        value = Objects.requireNonNull(codecs.result().encode((R) result), "encoded to null");
      } catch (RuntimeException | StackOverflowError e) {
        // The entry is applied, here as everywhere: nothing is wrong with this replica.
        logger.error("{} cannot encode the result of entry {}", label, entry.position(), e);
        return new ProposalResult.Unknown<>(UnknownReason.RESULT_LOST);
      }
    }
    Token token = new Token(partition, GENERATION, entry.term(), entry.index());
    return committed(value, token);
  }

  // A state machine that returns null has users who know.
  @SuppressWarnings("NullAway")
  private static ProposalResult<Object> committed(@Nullable Object result, Token token) {
    return new ProposalResult.Committed<>(result, token);
  }

  @SuppressWarnings("NullAway") // as above
  private static ReadResult<Object> answered(@Nullable Object result, Token token) {
    return new ReadResult.Answered<>(result, token);
  }

  /**
   * A query is not in the log and changes nothing: one that makes no sense, or that the state
   * machine cannot answer, harms its sender alone. It would otherwise stop one replica after the
   * other, as its sender tries them.
   */
  private Behavior<Command> onQuery(Read read) {
    StateMachine<C, Q, R> machine = stateMachine;
    if (machine == null) {
      Answers.reject(read, RejectReason.RESTORING, null, Duration.ofSeconds(1));
      progress.servedRead();
      return Behaviors.same();
    }
    try {
      Object value = query(machine, read);
      Token token = new Token(partition, GENERATION, position.term(), position.index());
      Answers.tell(read.replyTo(), answered(value, token));
    } catch (RuntimeException | StackOverflowError e) {
      logger.warn("{} cannot answer a query at {}: {}", label, position, e.toString());
      logger.debug("{} cannot answer a query", label, e);
      Answers.reject(read, RejectReason.UNAVAILABLE, null, Duration.ZERO);
    } catch (AssertionError | LinkageError e) {
      throw new StateMachineFailure(label + " cannot answer a query at " + position + ": " + e, e);
    }
    progress.servedRead();
    return Behaviors.same();
  }

  // A state machine that returns null has users who know.
  @SuppressWarnings("NullAway")
  private Object query(StateMachine<C, Q, R> machine, Read read) {
    Payload payload = read.query();
    Q query = codecs.query().decode(payload.bytes(), payload.offset(), payload.length());
    R result = machine.query(query);
    return read.resultEncoded() ? codecs.result().encode(result) : result;
  }

  private Behavior<Command> onAttach(ActorRef<SnapshotTaker.Command> taker, SnapshotPolicy policy) {
    source.attach(taker, policy);
    return Behaviors.same();
  }

  /** The label is taken with the view: nothing is applied between the two. */
  private Behavior<Command> onTakeView(TakeView message) {
    ActorRef<SnapshotTaker.Command> replyTo = message.replyTo();
    StateMachine<C, Q, R> machine = stateMachine;
    boolean wanted = source.hasNews() || (message.anyway() && position.index() > 0);
    if (machine == null || !wanted) {
      LogPosition state = machine == null ? LogPosition.ZERO : position;
      replyTo.tell(new SnapshotTaker.NothingNew(state));
      return Behaviors.same();
    }
    try {
      OfferedView view = new OfferedView(machine.snapshot());
      offered = view;
      replyTo.tell(new SnapshotTaker.Taken(source.label(position), view));
    } catch (RuntimeException e) {
      replyTo.tell(new SnapshotTaker.NotTaken(e)); // the state is as good as before
    } catch (AssertionError | LinkageError | StackOverflowError e) {
      throw new StateMachineFailure(label + " cannot make a view at " + position + ": " + e, e);
    }
    return Behaviors.same();
  }

  private Behavior<Command> onStop() {
    OfferedView last = offered;
    if (last != null) {
      last.withdraw();
    }
    return Behaviors.same();
  }

  private Behavior<Command> onSaved(long sizeBytes) {
    source.saved(sizeBytes);
    return Behaviors.same();
  }

  private Behavior<Command> onInstall(Install install) {
    if (install.position().index() <= position.index()) {
      throw new StateMachineFailure(
          label + " is at " + position + " and is to go back to " + install.position());
    }
    stateMachine = null; // its memory is needed for the other
    LogPosition wanted = install.position();
    actor.pipeToSelf(
        CompletableFuture.supplyAsync(
            () -> HostStart.restore(blueprint, install.snapshots(), wanted),
            blueprint.limits(actor.getSystem()).blocking()),
        (outcome, failure) -> new Restored<>(wanted, outcome, failure));
    return Behaviors.same();
  }

  @SuppressWarnings("unchecked") // there is no other host's
  private Behavior<Command> onRestored(Restored<?, ?, ?> message) {
    Restored<C, Q, R> restored = (Restored<C, Q, R>) message;
    RestoreOutcome<StateMachine<C, Q, R>> outcome = restored.outcome();
    if (outcome == null) {
      Throwable failure = restored.failure();
      throw HostStart.failureOf(label, failure);
    }
    for (UnusableSnapshotException damaged : outcome.damaged()) {
      logger.error("{}: {}", label, damaged.getMessage());
    }
    if (outcome instanceof RestoreOutcome.Restored<StateMachine<C, Q, R>> state) {
      stateMachine = state.machine();
      position = state.snapshot().position();
      source.restored(state.snapshot());
      shell.tell(new SnapshotEvent.Installed(state.snapshot()));
    } else {
      shell.tell(
          new SnapshotEvent.InstallFailed(
              restored.position().index(), "it is damaged or gone: " + outcome.damaged()));
    }
    return Behaviors.same();
  }
}
