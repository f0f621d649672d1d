package org.raftactors.snapshot;

import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.raftactors.RaftPartition;
import org.raftactors.SnapshotResult;

/**
 * Who asked the taker for a snapshot, by number. A view that was asked for before a request came
 * may lack what the asker has seen acknowledged: it waits for the next one.
 *
 * <p>States of a request: waiting for a view to be asked for; served by the present one; answered.
 * Owned by the taker. The replica knows the numbers too, and answers those that a stop leaves here.
 */
final class SnapshotRequests {

  private final ActorRef<RaftPartition.Command> shell;
  private List<Long> waiting = new ArrayList<>();
  private List<Long> served = new ArrayList<>();

  SnapshotRequests(ActorRef<RaftPartition.Command> shell) {
    this.shell = shell;
  }

  void add(long number) {
    waiting.add(number);
  }

  /** A view is asked for now: what is waiting will be in it. */
  void viewBegins() {
    served = waiting;
    waiting = new ArrayList<>();
  }

  boolean isServing() {
    return !served.isEmpty();
  }

  boolean areWaiting() {
    return !waiting.isEmpty();
  }

  /** Answers those whom the present view serves. */
  void answer(SnapshotResult result) {
    List<Long> numbers = served;
    served = new ArrayList<>();
    numbers.forEach(number -> tell(number, result));
  }

  /** Answers all. */
  void answerAll(SnapshotResult result) {
    answer(result);
    viewBegins();
    answer(result);
  }

  /** Answers one that need not wait. */
  void tell(long number, SnapshotResult result) {
    shell.tell(new SnapshotEvent.Requested(number, result));
  }
}
