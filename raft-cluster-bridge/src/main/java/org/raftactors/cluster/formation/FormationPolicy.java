package org.raftactors.cluster.formation;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.raftactors.cluster.NodeId;

/**
 * How the nodes find together in one Pekko cluster: a state machine without I/O, clock or threads.
 * Nothing about partitions depends on it, so it may take its time.
 *
 * <ul>
 *   <li>A node in no cluster joins one that another node says it is in: the leader of partition 1
 *       first, then by node id, the next one if joining takes too long.
 *   <li>Only where nobody is known to be in one, a node forms it: if it leads partition 1, and has
 *       for a while in one term, so that it has heard what an earlier leader did, and a majority of
 *       the initial nodes, itself included, says now that they are in none. A node that is cut off
 *       does not lead, and hears no majority: it forms nothing.
 *   <li>Two clusters can come to be all the same, for instance when a node that has just formed one
 *       is paused while the others elect another leader. Then the nodes give way whose cluster does
 *       not hold the leader of partition 1 with the highest term: after a grace they restart, and
 *       join.
 * </ul>
 */
public final class FormationPolicy {

  /** What to do. */
  public sealed interface Decision {

    /** Nothing. */
    record Stay() implements Decision {}

    /** Form a cluster. */
    record Form() implements Decision {}

    /**
     * Join the cluster of a node.
     *
     * @param via the node
     */
    record Join(NodeId via) implements Decision {}

    /**
     * Leave the process, so that its next run joins the others' cluster.
     *
     * @param leader the node whose cluster counts
     */
    record Restart(NodeId leader) implements Decision {}
  }

  private static final Decision STAY = new Decision.Stay();

  private record Heard(Sight sight, long at) {}

  private final int majority;
  private final long presence;
  private final long steadiness;
  private final long joinPatience;
  private final long splitGrace;
  private final Map<NodeId, Heard> heard = new TreeMap<>();

  private long leadingTerm;
  private long leadingSince;
  private @Nullable NodeId joining;
  private long joiningSince;
  private long splitSince = -1;

  /**
   * For one run of a node. All durations in nanoseconds.
   *
   * @param majority of the initial nodes
   * @param presence for how long a hello counts; longer than between two of them
   * @param joinPatience after which another node is asked to be joined
   * @param splitGrace how long two clusters may be seen side by side
   */
  public FormationPolicy(int majority, long presence, long joinPatience, long splitGrace) {
    this.majority = majority;
    this.presence = presence;
    this.steadiness = presence / 2;
    this.joinPatience = joinPatience;
    this.splitGrace = splitGrace;
  }

  /** Another node said hello. */
  public void heard(NodeId from, Sight sight, long now) {
    heard.put(from, new Heard(sight, now));
  }

  /**
   * What to do now; to be asked from time to time.
   *
   * @param own what this node sees
   * @param now monotonic nanoseconds
   */
  public Decision decide(Sight own, long now) {
    heard.values().removeIf(each -> now - each.at() > presence);
    if (own.leads() != leadingTerm) {
      leadingTerm = own.leads();
      leadingSince = now;
    }
    return switch (own.standing()) {
      case NONE -> joinOrForm(own, now);
      case MEMBER -> stayOrGiveWay(own, now);
      case LEFT -> STAY;
    };
  }

  private Decision joinOrForm(Sight own, long now) {
    if (joining != null && now - joiningSince < joinPatience) {
      return STAY;
    }
    List<NodeId> members =
        heard.entrySet().stream()
            .filter(each -> each.getValue().sight().standing() == Sight.Standing.MEMBER)
            .sorted(
                Comparator.comparingLong(
                    (Map.Entry<NodeId, Heard> each) -> -each.getValue().sight().leads()))
            .map(Map.Entry::getKey)
            .toList();
    if (!members.isEmpty()) {
      NodeId via = members.get((members.indexOf(joining) + 1) % members.size());
      joining = via;
      joiningSince = now;
      return new Decision.Join(via);
    }
    joining = null;
    long inNone =
        heard.values().stream()
            .filter(each -> each.sight().standing() == Sight.Standing.NONE)
            .count();
    boolean leadsSteadily = own.leads() > 0 && now - leadingSince >= steadiness;
    return leadsSteadily && inNone + 1 >= majority ? new Decision.Form() : STAY;
  }

  private Decision stayOrGiveWay(Sight own, long now) {
    joining = null;
    Optional<NodeId> elsewhere = leaderElsewhere(own);
    if (elsewhere.isEmpty()) {
      splitSince = -1;
      return STAY;
    }
    if (splitSince < 0) {
      splitSince = now;
    }
    return now - splitSince >= splitGrace ? new Decision.Restart(elsewhere.get()) : STAY;
  }

  /** The leader with the highest term, if it and this node do not see each other as members. */
  private Optional<NodeId> leaderElsewhere(Sight own) {
    return heard.entrySet().stream()
        .filter(each -> each.getValue().sight().leads() > own.leads())
        .max(Comparator.comparingLong(each -> each.getValue().sight().leads()))
        .filter(each -> isApart(own, each.getValue().sight()))
        .map(Map.Entry::getKey);
  }

  private static boolean isApart(Sight own, Sight other) {
    return other.standing() == Sight.Standing.MEMBER
        && !own.members().contains(other.incarnation())
        && !other.members().contains(own.incarnation());
  }
}
