package org.raftactors.actor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.raftactors.LogPage;
import org.raftactors.LoggedCommand;
import org.raftactors.RaftPartition;
import org.raftactors.ReadLog;
import org.raftactors.core.Effect;
import org.raftactors.core.RaftCore;
import org.raftactors.core.log.EntryKind;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.write.DurableState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Those who follow the log of one incarnation: reads what they ask for beside the replica's work,
 * and knows what of the log they hold.
 *
 * <p>Owned by the shell, called on its thread only. Nothing is durable: a hold ends with the
 * incarnation, and who waits then is told so. Memory is bounded by the number of readers, each with
 * one request of bounded size.
 */
final class LogReaders {

  private static final Logger logger = LoggerFactory.getLogger(LogReaders.class);

  /** As CBOR, small commands take about twice what they take in the log. */
  private static final int CBOR_GROWTH = 3;

  private record Hold(long fromIndex, long since, long nanos) {
    boolean isInForce(long now) {
      return now - since < nanos;
    }
  }

  private final ActorContext<RaftPartition.Command> context;
  private final ReplicaBlueprint<?, ?, ?> blueprint;
  private final JournalReader journal;
  private final Map<String, Hold> holds = new HashMap<>();
  private final Map<String, ReadLog> waiting = new HashMap<>();

  LogReaders(
      ActorContext<RaftPartition.Command> context,
      ReplicaBlueprint<?, ?, ?> blueprint,
      JournalReader journal) {
    this.context = context;
    this.blueprint = blueprint;
    this.journal = journal;
  }

  /** Holds and reads, or says why not. */
  void read(ReadLog request, RaftCore core, DurableState durable, long now) {
    String reader = request.reader();
    holds.values().removeIf(hold -> !hold.isInForce(now));
    if (waiting.containsKey(reader) || isOneTooMany(reader)) {
      answer(request.replyTo(), LogPage.Outcome.BUSY, request.fromIndex(), core.commitIndex());
      return;
    }
    long from = request.fromIndex();
    long first = core.base().position().index() + 1;
    if (request.holdFor().isZero()) {
      holds.remove(reader);
    } else {
      holds.put(reader, new Hold(Math.max(from, first), now, request.holdFor().toNanos()));
    }
    long last = Math.min(core.commitIndex(), durable.last().index());
    if (from < first) {
      answer(request.replyTo(), LogPage.Outcome.COMPACTED, first, core.commitIndex());
    } else if (from > last) {
      answer(request.replyTo(), LogPage.Outcome.READ, from, core.commitIndex());
    } else {
      waiting.put(reader, request);
      int most = blueprint.settings().core().maxAppendBytes() / CBOR_GROWTH;
      Effect.Fetch fetch = new Effect.Fetch(null, from, last, Math.min(request.maxBytes(), most));
      context.pipeToSelf(
          journal.read(fetch, durable),
          (entries, failure) ->
              new ShellMessage.LogRead(
                  reader, from, entries == null ? List.of() : entries, failure));
    }
  }

  private boolean isOneTooMany(String reader) {
    return !holds.containsKey(reader)
        && holds.size() + waiting.size() >= blueprint.settings().logReaders();
  }

  /**
   * What was found. Only what the log says to be committed is given away: the journal also holds
   * entries that were replaced, and a durable one may be about to be.
   *
   * @throws IllegalStateException if the journal is damaged
   */
  void found(ShellMessage.LogRead found, RaftCore core) {
    ReadLog request = waiting.remove(found.reader());
    if (request == null) {
      return;
    }
    ActorRef<LogPage> replyTo = request.replyTo();
    long first = core.base().position().index() + 1;
    List<LoggedCommand> commands = new ArrayList<>();
    long next = found.fromIndex();
    for (LogEntry entry : found.entries()) {
      if (!core.isCommitted(entry.position())) {
        break;
      }
      next = entry.index() + 1;
      if (entry.kind() == EntryKind.COMMAND) {
        commands.add(toCommand(entry));
      }
    }
    if (next > found.fromIndex()) {
      replyTo.tell(new LogPage(LogPage.Outcome.READ, commands, next, core.commitIndex()));
    } else if (found.fromIndex() < first) {
      answer(replyTo, LogPage.Outcome.COMPACTED, first, core.commitIndex());
    } else {
      answer(replyTo, LogPage.Outcome.UNAVAILABLE, found.fromIndex(), core.commitIndex());
      failed(found);
    }
  }

  private void failed(ShellMessage.LogRead found) {
    if (Fatality.reason(found.failure(), blueprint) != null) {
      throw new IllegalStateException(
          blueprint.label() + " cannot read entries from " + found.fromIndex() + " back",
          found.failure());
    }
    logger.warn(
        "{}: cannot read entries from {} back from the journal for \"{}\"",
        blueprint.label(),
        found.fromIndex(),
        found.reader(),
        found.failure());
  }

  private static LoggedCommand toCommand(LogEntry entry) {
    return new LoggedCommand(
        entry.index(), entry.term(), entry.timestampMillis(), entry.payload().toArray());
  }

  private static void answer(
      ActorRef<LogPage> replyTo, LogPage.Outcome outcome, long nextIndex, long commitIndex) {
    replyTo.tell(new LogPage(outcome, List.of(), nextIndex, commitIndex));
  }

  /** The lowest index that a reader holds, {@link Long#MAX_VALUE} if nobody holds any. */
  long heldFrom(long now) {
    long lowest = Long.MAX_VALUE;
    for (Hold hold : holds.values()) {
      if (hold.isInForce(now)) {
        lowest = Math.min(lowest, hold.fromIndex());
      }
    }
    return lowest;
  }

  /** The incarnation ends. */
  void stop() {
    for (ReadLog request : waiting.values()) {
      answer(request.replyTo(), LogPage.Outcome.UNAVAILABLE, request.fromIndex(), 0);
    }
    waiting.clear();
  }
}
