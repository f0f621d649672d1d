package org.raftactors.cluster.formation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.UniqueAddress;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.raftactors.cluster.NodeStatus;
import org.raftactors.cluster.internal.Roster;
import org.raftactors.cluster.internal.RosterNode;

/** What the formation needs of Pekko's cluster extension. */
public final class PekkoCluster {

  private final Cluster cluster;
  private boolean wasMember;

  /** The cluster extension of a system, whose provider must be "cluster". */
  public PekkoCluster(ActorSystem<?> system) {
    this.cluster = Cluster.get(system);
  }

  /**
   * What this node sees now.
   *
   * @param leads the term in which it leads partition 1, or 0
   */
  public Sight sight(long leads) {
    Member self = cluster.selfMember();
    String incarnation = text(self.uniqueAddress());
    MemberStatus status = self.status();
    boolean member =
        status.equals(MemberStatus.joining())
            || status.equals(MemberStatus.weaklyUp())
            || status.equals(MemberStatus.up());
    wasMember |= member;
    if (cluster.isTerminated() || (wasMember && !member)) {
      return new Sight(Sight.Standing.LEFT, incarnation, List.of(), leads);
    }
    if (!member) {
      return new Sight(Sight.Standing.NONE, incarnation, List.of(), leads);
    }
    List<String> members = new ArrayList<>();
    cluster.state().getMembers().forEach(each -> members.add(text(each.uniqueAddress())));
    return new Sight(Sight.Standing.MEMBER, incarnation, members, leads);
  }

  /** Joins the cluster that the node at an address is in; its own address forms a new one. */
  public void join(Address address) {
    cluster.manager().tell(Join.create(address));
  }

  /** This node's address. */
  public Address self() {
    return cluster.selfMember().address();
  }

  /**
   * What the cluster knows of the nodes of a roster.
   *
   * @param addresses where a node's actor system is
   */
  public List<NodeStatus> view(Roster roster, Function<RosterNode, Address> addresses) {
    Set<Address> members = new HashSet<>();
    cluster.state().getMembers().forEach(each -> members.add(each.address()));
    Set<Address> unreachable = new HashSet<>();
    cluster.state().getUnreachable().forEach(each -> unreachable.add(each.address()));
    return roster.nodes().stream()
        .map(
            node -> {
              boolean member = members.contains(addresses.apply(node));
              boolean reachable = member && !unreachable.contains(addresses.apply(node));
              return new NodeStatus(node.id(), node.host(), node.port(), member, reachable);
            })
        .toList();
  }

  private static String text(UniqueAddress address) {
    return address.address() + "#" + address.longUid();
  }
}
