package org.raftactors;

import org.apache.pekko.actor.typed.ActorSystem;
import org.raftactors.actor.AlarmCounters;

/**
 * What should never happen, counted, for metrics: anything but zeros wants a person. What exactly
 * happened is in the log.
 *
 * @param stateDifferences how often a replica of this actor system found that a replica, itself or
 *     another, has applied something else than others at the same index; since the actor system
 *     started
 */
public record Alarms(long stateDifferences) {

  /**
   * The alarms of an actor system.
   *
   * @param system the actor system
   * @return at this moment
   */
  public static Alarms of(ActorSystem<?> system) {
    return AlarmCounters.get(system).alarms();
  }
}
