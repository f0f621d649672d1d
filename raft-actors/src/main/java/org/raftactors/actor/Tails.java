package org.raftactors.actor;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Extension;
import org.apache.pekko.actor.typed.ExtensionId;

/**
 * The memory that the replicas of an actor system have for the tails of their logs: an equal share
 * for each, so that a thousand partitions take no more of it than one. Configured by {@code
 * raft-actors.tails}. Thread-safe; a share that shrinks is heeded at the replica's next message.
 */
public final class Tails implements Extension {

  private static final class Id extends ExtensionId<Tails> {
    @Override
    public Tails createExtension(ActorSystem<?> system) {
      return new Tails(system.settings().config().getConfig(PATH));
    }
  }

  private static final Id ID = new Id();
  private static final String PATH = "raft-actors.tails";
  private static final long LEAST_SHARE = 64 << 10;
  private static final int PART_OF_HEAP = 8;

  private final long memory;
  private int replicas;
  private volatile long share;

  private Tails(Config config) {
    this.memory =
        config.getString("memory").equals("auto")
            ? Runtime.getRuntime().maxMemory() / PART_OF_HEAP
            : config.getBytes("memory");
    if (memory < LEAST_SHARE) {
      throw new ConfigException.BadValue(
          config.getValue("memory").origin(),
          PATH + ".memory",
          "must be auto, or at least 64 KiB, and is " + config.getString("memory"));
    }
    this.share = memory;
  }

  /**
   * The tails in an actor system.
   *
   * @param system the actor system
   * @return always the same
   * @throws ConfigException naming the key that is wrong
   */
  public static Tails get(ActorSystem<?> system) {
    return ID.apply(system);
  }

  /** {@return what each replica may keep, in bytes} */
  long share() {
    return share;
  }

  synchronized void join() {
    replicas++;
    divide();
  }

  /** What was joined before. */
  synchronized void leave() {
    replicas--;
    divide();
  }

  private void divide() {
    share = Math.max(LEAST_SHARE, memory / Math.max(1, replicas));
  }
}
