package org.raftactors.core.write;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.message.AppendAccepted;
import org.raftactors.core.message.RaftMessage;

/**
 * The only way out for messages (rule 1). A message leaves when the hard state or the entries that
 * it promises are durable; when the term moves on, what an older term promised is dropped, because
 * dropping is always safe and sending it late is not. A crash loses what waits here; it had not
 * been promised to anybody.
 */
public final class Outbox {

  private record Gated(ReplicaId to, RaftMessage message, boolean needsVote) {}

  private final WritePipeline pipeline;
  private final BiConsumer<ReplicaId, RaftMessage> exit;
  private final List<Gated> gated = new ArrayList<>();

  private @Nullable ReplicaId acknowledgeTo;
  private long acknowledgeTerm;
  private long acknowledgeIndex;
  private long acknowledgedIndex;

  /**
   * An empty outbox.
   *
   * @param pipeline knows what is durable
   * @param exit takes messages that may leave now
   */
  public Outbox(WritePipeline pipeline, BiConsumer<ReplicaId, RaftMessage> exit) {
    this.pipeline = pipeline;
    this.exit = exit;
  }

  /**
   * Sends a message that promises nothing that is not durable already.
   *
   * @param to the receiver
   * @param message what to send
   */
  public void send(ReplicaId to, RaftMessage message) {
    exit.accept(to, message);
  }

  /**
   * Sends a message once its term is durable.
   *
   * @param to the receiver
   * @param message of the current term
   */
  public void sendAfterTerm(ReplicaId to, RaftMessage message) {
    if (pipeline.durableState().term() >= message.term()) {
      send(to, message);
    } else {
      gated.add(new Gated(to, message, false));
    }
  }

  /**
   * Sends a message once the current term and vote are durable.
   *
   * @param to the receiver
   * @param message of the current term
   * @param hardState term and vote that it promises
   */
  public void sendAfterVote(ReplicaId to, RaftMessage message, HardState hardState) {
    if (pipeline.durableState().equals(hardState)) {
      send(to, message);
    } else {
      gated.add(new Gated(to, message, true));
    }
  }

  /**
   * Acknowledges entries to the leader, as far as they are durable and again when more of them are.
   *
   * @param leader of the current term
   * @param term the current term
   * @param index everything up to here equals the leader's log
   */
  public void acknowledgeWhenDurable(ReplicaId leader, long term, long index) {
    if (!leader.equals(acknowledgeTo) || acknowledgeTerm != term) {
      acknowledgeTo = leader;
      acknowledgeTerm = term;
      acknowledgeIndex = 0;
      acknowledgedIndex = -1;
    }
    acknowledgeIndex = Math.max(acknowledgeIndex, index);
    if (index <= pipeline.durableIndex()) {
      acknowledgedIndex = -1; // a duplicate: its first acknowledgement may have been lost
      acknowledge(term);
    }
  }

  /** The term moved on: nothing that an older term promised will leave any more. */
  public void termChanged() {
    gated.clear();
    acknowledgeTo = null;
  }

  /**
   * More is durable: what waited for it leaves.
   *
   * @param currentTerm as in memory
   */
  public void durable(long currentTerm) {
    releaseGated(currentTerm);
    acknowledge(currentTerm);
  }

  private void acknowledge(long currentTerm) {
    if (acknowledgeTo == null
        || acknowledgeTerm != currentTerm
        || pipeline.durableState().term() < currentTerm) {
      return;
    }
    long index = Math.min(acknowledgeIndex, pipeline.durableIndex());
    if (index > acknowledgedIndex) {
      acknowledgedIndex = index;
      send(acknowledgeTo, new AppendAccepted(currentTerm, index));
    }
  }

  private void releaseGated(long currentTerm) {
    if (gated.isEmpty()) {
      return;
    }
    List<Gated> waiting = List.copyOf(gated);
    gated.clear();
    HardState durable = pipeline.durableState();
    for (Gated one : waiting) {
      if (durable.term() >= currentTerm && (!one.needsVote() || durable.votedFor() != null)) {
        send(one.to(), one.message());
      } else {
        gated.add(one);
      }
    }
  }
}
