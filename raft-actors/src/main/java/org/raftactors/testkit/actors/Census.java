package org.raftactors.testkit.actors;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.raftactors.Describe;
import org.raftactors.PartitionStatus;
import org.raftactors.RaftPartition;
import org.raftactors.StateMachine;
import org.raftactors.core.Role;

/** Asks the replicas again and again how they are. */
final class Census<C, Q, R, M extends StateMachine<C, Q, R>> {

  private static final long PERIOD_NANOS = 250_000_000;

  private final Cluster<C, Q, R, M> cluster;
  private final Map<Long, PartitionStatus> present = new HashMap<>();
  private final Set<Long> ledTerms = new HashSet<>();
  private final ActorRef<PartitionStatus> collector;
  private long round;
  private long validFrom;

  Census(Cluster<C, Q, R, M> cluster) {
    this.cluster = cluster;
    this.collector =
        cluster
            .system()
            .spawn(
                Behaviors.receiveMessage(
                    status -> {
                      note(status);
                      return Behaviors.same();
                    }),
                "census");
  }

  ActorRef<?> actor() {
    return collector;
  }

  /** How many terms were seen to have a leader. */
  int elections() {
    return ledTerms.size();
  }

  void start() {
    ask();
  }

  /** From now on only what is asked later counts. */
  void forget() {
    validFrom = round + 2; // an answer of the present round may still be under way in the next
  }

  private void ask() {
    round++;
    present.clear();
    for (Node<C, Q, R, M> node : cluster.nodes()) {
      ActorRef<RaftPartition.Command> target = node.parent();
      if (target != null) {
        target.tell(new Describe(collector));
      }
    }
    cluster.system().loop().after(PERIOD_NANOS, this::ask);
  }

  private void note(PartitionStatus status) {
    present.put(status.replica().value(), status);
    if (status.role() == Role.LEADER && status.leaderPublished()) {
      ledTerms.add(status.term());
    }
    if (status.state() == PartitionStatus.State.FAILED) {
      cluster
          .findings()
          .violated(Checks.NO_REPLICA_FAILS, status.replica() + " stopped: " + status.detail());
    }
  }

  /** Whether all replicas run, one of them leads, and all have applied everything. */
  boolean hasConverged() {
    if (round < validFrom || present.size() < cluster.nodes().size()) {
      return false;
    }
    PartitionStatus first = present.values().iterator().next();
    boolean led = false;
    for (PartitionStatus status : present.values()) {
      if (status.state() != PartitionStatus.State.RUNNING
          || status.appliedIndex() != status.lastIndex()
          || status.commitIndex() != status.lastIndex()
          || status.lastIndex() != first.lastIndex()
          || status.term() != first.term()) {
        return false;
      }
      led |= status.role() == Role.LEADER && status.leaderPublished();
    }
    return led;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    present.forEach((replica, status) -> text.append("\n  ").append(status));
    return text.toString();
  }
}
