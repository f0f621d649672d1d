package org.raftactors.actor;

import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the application's state machine: applies batches in log order, answers their proposers,
 * serves queries from what it has applied. Whatever the state machine throws while it applies ends
 * this actor and so the replica: an entry is never skipped. A query that it cannot answer is
 * rejected.
 *
 * <p>Owner of the state machine; nothing of it is durable but what the state machine itself keeps.
 * After a crash a fresh one is fed from the log.
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

  private static final Logger logger = LoggerFactory.getLogger(StateMachineHost.class);

  /** The generation of a partition whose key range never changed. */
  private static final long GENERATION = 1;

  private final PartitionId partition;
  private final String label;
  private final Codecs<C, Q, R> codecs;
  private final StateMachine<C, Q, R> stateMachine;
  private final HandedOver.Progress progress;
  private final ActorRef<RaftPartition.Command> shell;
  private @Nullable EntryContext context;
  private LogPosition position;

  private StateMachineHost(
      ReplicaBlueprint<C, Q, R> blueprint,
      StateMachine<C, Q, R> stateMachine,
      LogPosition position,
      HandedOver.Progress progress,
      ActorRef<RaftPartition.Command> shell) {
    this.partition = blueprint.spec().partition();
    this.label = blueprint.label();
    this.codecs = blueprint.codecs();
    this.stateMachine = stateMachine;
    this.position = position;
    this.progress = progress;
    this.shell = shell;
  }

  /**
   * The behavior.
   *
   * @param blueprint of the replica
   * @param stateMachine belongs to this actor from now on
   * @param position what the state machine has applied already
   * @param progress told after each answer
   * @param shell told after each batch
   */
  static <C, Q, R> Behavior<Command> create(
      ReplicaBlueprint<C, Q, R> blueprint,
      StateMachine<C, Q, R> stateMachine,
      LogPosition position,
      HandedOver.Progress progress,
      ActorRef<RaftPartition.Command> shell) {
    StateMachineHost<C, Q, R> host =
        new StateMachineHost<>(blueprint, stateMachine, position, progress, shell);
    return Behaviors.receive(Command.class)
        .onMessage(Apply.class, message -> host.onApply(message.batch()))
        .onMessage(Query.class, message -> host.onQuery(message.read()))
        .build();
  }

  private Behavior<Command> onApply(ApplyBatch batch) {
    List<LogEntry> entries = batch.entries();
    @Nullable Object[] results = new Object[entries.size()];
    for (int i = 0; i < results.length; i++) {
      LogEntry entry = entries.get(i);
      if (entry.kind() == EntryKind.COMMAND) {
        results[i] = apply(entry);
      }
    }
    position = entries.get(entries.size() - 1).position();
    endBatch();
    for (int i = 0; i < results.length; i++) {
      if (batch.waiters()[i] instanceof Propose propose) {
        LogEntry entry = entries.get(i);
        answer(propose, results[i], entry);
        progress.answeredUpTo(entry.index());
      }
    }
    shell.tell(new ShellMessage.Applied(position.index()));
    return Behaviors.same();
  }

  private @Nullable Object apply(LogEntry entry) {
    try {
      Payload payload = entry.payload();
      C command = codecs.command().decode(payload.bytes(), payload.offset(), payload.length());
      EntryContext at = context == null ? new EntryContext(partition, entry) : context.at(entry);
      context = at;
      return stateMachine.apply(at, command);
    } catch (RuntimeException | AssertionError | LinkageError | StackOverflowError e) {
      // The last two would end the process, for an entry that is in the log of every replica.
      throw new StateMachineFailure(
          label + " cannot apply entry " + entry.position() + ": " + e, e);
    }
  }

  private void endBatch() {
    try {
      stateMachine.endBatch(position.index());
    } catch (RuntimeException | AssertionError | LinkageError | StackOverflowError e) {
      throw new StateMachineFailure(label + " cannot end the batch at " + position + ": " + e, e);
    }
  }

  // What apply() returned is an R, null only if that is one: only the array does not say so.
  @SuppressWarnings({"unchecked", "NullAway"})
  private void answer(Propose propose, @Nullable Object result, LogEntry entry) {
    Object value = result;
    if (propose.resultEncoded()) {
      try {
        value = codecs.result().encode((R) result);
      } catch (RuntimeException | StackOverflowError e) {
        // The entry is applied, here as everywhere: nothing is wrong with this replica.
        logger.error("{} cannot encode the result of entry {}", label, entry.position(), e);
        Answers.tell(propose.replyTo(), new ProposalResult.Unknown<>(UnknownReason.RESULT_LOST));
        return;
      }
    }
    Token token = new Token(partition, GENERATION, entry.term(), entry.index());
    Answers.tell(propose.replyTo(), committed(value, token));
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
    try {
      Object value = query(read);
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
  private Object query(Read read) {
    Payload payload = read.query();
    Q query = codecs.query().decode(payload.bytes(), payload.offset(), payload.length());
    R result = stateMachine.query(query);
    return read.resultEncoded() ? codecs.result().encode(result) : result;
  }
}
