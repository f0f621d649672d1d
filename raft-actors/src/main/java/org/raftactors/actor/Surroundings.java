package org.raftactors.actor;

import java.security.SecureRandom;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * What a replica takes from the outside and tests replace.
 *
 * @param clock the time
 * @param electionRandom makes the generator of election timeouts, a fresh one for each start
 */
public record Surroundings(ReplicaClock clock, Supplier<RandomGenerator> electionRandom) {

  /**
   * The machine's clock, and generators that no two replicas share.
   *
   * @return surroundings for one replica
   */
  public static Surroundings ofProduction() {
    return new Surroundings(
        ReplicaClock.ofSystem(), () -> new SplittableRandom(new SecureRandom().nextLong()));
  }
}
