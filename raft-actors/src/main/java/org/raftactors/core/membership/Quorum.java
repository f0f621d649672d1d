package org.raftactors.core.membership;

import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * Majority arithmetic over the voters of a configuration; learners and strangers never count
 * (scenarios 10 and 61).
 */
public final class Quorum {

  private Quorum() {}

  /**
   * The size of a majority: exactly half of the voters, rounded down, plus one.
   *
   * @param configuration the members
   * @return at least 1
   */
  public static int size(Configuration configuration) {
    return configuration.voters().size() / 2 + 1;
  }

  /**
   * Whether the voters that pass the test are a majority.
   *
   * @param configuration the members
   * @param test asked once for each voter
   * @return true if a majority passes
   */
  public static boolean reached(Configuration configuration, Predicate<ReplicaId> test) {
    int count = 0;
    for (ReplicaId voter : configuration.voters()) {
      if (test.test(voter)) {
        count++;
      }
    }
    return !configuration.voters().isEmpty() && count >= size(configuration);
  }

  /**
   * The highest value that a majority of voters has reached.
   *
   * @param configuration the members
   * @param value the value of each voter, for instance its match index
   * @return the value, or {@link Long#MIN_VALUE} without voters
   */
  public static long highestReached(Configuration configuration, ToLongFunction<ReplicaId> value) {
    List<ReplicaId> voters = configuration.voters();
    if (voters.isEmpty()) {
      return Long.MIN_VALUE;
    }
    long[] values = new long[voters.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = value.applyAsLong(voters.get(i));
    }
    Arrays.sort(values);
    return values[values.length - size(configuration)];
  }
}
