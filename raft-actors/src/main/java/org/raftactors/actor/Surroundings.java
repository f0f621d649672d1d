package org.raftactors.actor;

import java.security.SecureRandom;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorSystem;
import org.jspecify.annotations.Nullable;
import org.raftactors.link.LinksOfSystem;
import org.raftactors.link.ReplicaLinks;
import org.raftactors.snapshot.SnapshotLimits;

/**
 * What a replica takes from the outside and tests replace.
 *
 * @param clock the time
 * @param electionRandom makes the generator of election timeouts, a fresh one for each start
 * @param ends told of each crash
 * @param limits what the snapshots of all replicas in a process share
 * @param links the ways beside remoting
 */
public record Surroundings(
    ReplicaClock clock,
    Supplier<RandomGenerator> electionRandom,
    EndListener ends,
    Function<ActorSystem<?>, SnapshotLimits> limits,
    Function<ActorSystem<?>, ReplicaLinks> links) {

  /** Hears of each incarnation of a replica that ended without having been told to. */
  @FunctionalInterface
  public interface EndListener {

    /**
     * One has ended; it is started again later, or stays stopped. Called by its parent, before it
     * is.
     *
     * @param cause why, null if it just stopped
     */
    void ended(@Nullable Throwable cause);
  }

  /**
   * The machine's clock, and generators that no two replicas share.
   *
   * @return surroundings for one replica
   */
  public static Surroundings ofProduction() {
    return new Surroundings(
        ReplicaClock.ofSystem(),
        () -> new SplittableRandom(new SecureRandom().nextLong()),
        cause -> {},
        SnapshotLimits::get,
        LinksOfSystem::get);
  }
}
