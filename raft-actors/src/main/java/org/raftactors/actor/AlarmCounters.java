package org.raftactors.actor;

import java.util.concurrent.atomic.LongAdder;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Extension;
import org.apache.pekko.actor.typed.ExtensionId;
import org.raftactors.Alarms;

/** The alarms of an actor system. Counted by replicas, read by anyone. */
public final class AlarmCounters implements Extension {

  private static final class Id extends ExtensionId<AlarmCounters> {
    @Override
    public AlarmCounters createExtension(ActorSystem<?> system) {
      return new AlarmCounters();
    }
  }

  private static final Id ID = new Id();

  private final LongAdder stateDifferences = new LongAdder();

  private AlarmCounters() {}

  /**
   * Those of an actor system.
   *
   * @param system the actor system
   * @return always the same
   */
  public static AlarmCounters get(ActorSystem<?> system) {
    return ID.apply(system);
  }

  void stateDiffers() {
    stateDifferences.increment();
  }

  /** {@return at this moment} */
  public Alarms alarms() {
    return new Alarms(stateDifferences.sum());
  }
}
