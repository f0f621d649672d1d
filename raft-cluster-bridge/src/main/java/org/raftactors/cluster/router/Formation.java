package org.raftactors.cluster.router;

import java.util.Optional;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Subscribe;
import org.apache.pekko.remote.artery.ThisActorSystemQuarantinedEvent;
import org.raftactors.Describe;
import org.raftactors.PartitionStatus;
import org.raftactors.RaftPartition;
import org.raftactors.cluster.NodeId;
import org.raftactors.cluster.NodeStatus;
import org.raftactors.cluster.formation.FormationPolicy;
import org.raftactors.cluster.formation.PekkoCluster;
import org.raftactors.cluster.formation.Sight;
import org.raftactors.cluster.internal.NodeSettings;
import org.raftactors.cluster.internal.RosterNode;
import org.raftactors.core.Role;

/** Lets the policy see, and does what it decides. Part of the node's actor. */
final class Formation {

  /** As long as Pekko itself takes until it tries again to join. */
  private static final long JOIN_PATIENCE = 10_000_000_000L;

  private final ActorContext<NodeCommand> context;
  private final NodeSettings settings;
  private final Addresses addresses;
  private final PekkoCluster cluster;
  private final FormationPolicy policy;
  private long leads;
  private boolean ending;

  Formation(
      ActorContext<NodeCommand> context,
      NodeSettings settings,
      Addresses addresses,
      long presence) {
    this.context = context;
    this.settings = settings;
    this.addresses = addresses;
    this.cluster = new PekkoCluster(context.getSystem());
    this.policy =
        new FormationPolicy(
            settings.roster().majority(), presence, JOIN_PATIENCE, settings.splitGrace().toNanos());
    Cluster.get(context.getSystem())
        .subscriptions()
        .tell(
            Subscribe.create(
                context.messageAdapter(
                    ClusterEvent.ReachabilityEvent.class, NodeCommand.Reachability::new),
                ClusterEvent.ReachabilityEvent.class));
    context
        .getSystem()
        .eventStream()
        .tell(
            new EventStream.Subscribe<>(
                ThisActorSystemQuarantinedEvent.class,
                context.messageAdapter(
                    ThisActorSystemQuarantinedEvent.class, NodeCommand.Quarantined::new)));
  }

  Sight sight() {
    return cluster.sight(leads);
  }

  /** Whether this node sees members at the addresses of all, and reaches them. */
  boolean isComplete() {
    return cluster.view(settings.roster(), addresses::of).stream().allMatch(NodeStatus::reachable);
  }

  void heard(String from, Sight sight, long now) {
    policy.heard(new NodeId(from), sight, now);
  }

  void askFirstPartition(ActorRef<RaftPartition.Command> first) {
    context.ask(
        PartitionStatus.class,
        first,
        settings.describeTimeout(),
        Describe::new,
        (status, failure) ->
            status != null
                ? new NodeCommand.FirstPartition(status)
                : new NodeCommand.FirstPartitionSilent(String.valueOf(failure)));
  }

  void firstPartition(PartitionStatus status) {
    leads = status.role() == Role.LEADER && status.leaderPublished() ? status.term() : 0;
  }

  void firstPartitionIsSilent() {
    leads = 0;
  }

  /** Does what is to be done; returns the node to give way to, if that is it. */
  Optional<NodeId> act(long now) {
    if (!settings.formCluster() || ending) {
      return Optional.empty();
    }
    FormationPolicy.Decision decision = policy.decide(sight(), now);
    if (decision instanceof FormationPolicy.Decision.Form) {
      context.getLog().info("node {} forms the Pekko cluster", settings.self());
      cluster.join(cluster.self());
    } else if (decision instanceof FormationPolicy.Decision.Join join) {
      context.getLog().info("node {} joins the Pekko cluster of {}", settings.self(), join.via());
      settings.roster().node(join.via()).ifPresent(node -> cluster.join(addresses.of(node)));
    } else if (decision instanceof FormationPolicy.Decision.Restart restart) {
      ending = true;
      return Optional.of(restart.leader());
    }
    return Optional.empty();
  }

  /** Advice, for the log: elections go by the partitions' own heartbeats. */
  void reachability(ClusterEvent.ReachabilityEvent event) {
    Member member = event.member();
    String node = nodeAt(member.address()).map(NodeId::value).orElse("(none of ours)");
    if (event instanceof ClusterEvent.UnreachableMember) {
      context.getLog().warn("node {} at {} is unreachable", node, member.address());
    } else {
      context.getLog().info("node {} at {} is reachable again", node, member.address());
    }
  }

  /**
   * Another process takes nothing more from this one, for ever: it has removed it from the Pekko
   * cluster, for instance because an operator downed it while it was cut off. Not even of that does
   * this one learn by gossip. A split brain resolver would see to it, but there need not be one.
   *
   * @return the node to blame, once and if it is one of ours
   */
  Optional<NodeId> quarantined(ThisActorSystemQuarantinedEvent event) {
    if (ending) {
      return Optional.empty();
    }
    Optional<NodeId> by = nodeAt(event.remoteAddress().address());
    ending = by.isPresent();
    return by;
  }

  private Optional<NodeId> nodeAt(Address address) {
    return settings.roster().nodes().stream()
        .filter(each -> addresses.of(each).equals(address))
        .map(RosterNode::id)
        .findFirst();
  }
}
