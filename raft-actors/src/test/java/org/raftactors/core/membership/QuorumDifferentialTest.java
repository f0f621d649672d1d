package org.raftactors.core.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Majority arithmetic against a deliberately dumb model (after etcd's quorum quick-checks). */
class QuorumDifferentialTest {

  private static final int CASES = 50_000;

  private static Configuration draw(SplittableRandom random) {
    List<ReplicaId> voters = new ArrayList<>();
    List<ReplicaId> learners = new ArrayList<>();
    for (int i = 1; i <= 9; i++) {
      switch (random.nextInt(4)) {
        case 0, 1 -> voters.add(new ReplicaId(i));
        case 2 -> learners.add(new ReplicaId(i));
        default -> {}
      }
    }
    return new Configuration(voters, learners);
  }

  /** The highest value for which more than half of the voters have at least that much. */
  private static long dumbHighest(Configuration configuration, Map<ReplicaId, Long> values) {
    long best = Long.MIN_VALUE;
    for (ReplicaId candidate : configuration.voters()) {
      long value = values.getOrDefault(candidate, 0L);
      long count = 0;
      for (ReplicaId voter : configuration.voters()) {
        count += values.getOrDefault(voter, 0L) >= value ? 1 : 0;
      }
      if (count * 2 > configuration.voters().size()) {
        best = Math.max(best, value);
      }
    }
    return best;
  }

  @Test
  @DisplayName("10, 47: the highest value that a majority reached, against a dumb count")
  void highestReached_randomCases_equalsModel() {
    SplittableRandom random = new SplittableRandom(20_141);
    for (int i = 0; i < CASES; i++) {
      Configuration configuration = draw(random);
      Map<ReplicaId, Long> values = new HashMap<>();
      for (ReplicaId member : configuration.members()) {
        values.put(member, random.nextLong(6));
      }
      assertThat(Quorum.highestReached(configuration, values::get))
          .as("case %s: %s %s", i, configuration, values)
          .isEqualTo(dumbHighest(configuration, values));
    }
  }

  @Test
  @DisplayName("10: a majority of voters and nobody else, against a dumb count")
  void reached_randomCases_equalsModel() {
    SplittableRandom random = new SplittableRandom(20_142);
    for (int i = 0; i < CASES; i++) {
      Configuration configuration = draw(random);
      Set<ReplicaId> granted = new HashSet<>();
      for (int id = 1; id <= 12; id++) {
        if (random.nextBoolean()) {
          granted.add(new ReplicaId(id));
        }
      }
      long votes = configuration.voters().stream().filter(granted::contains).count();
      assertThat(Quorum.reached(configuration, granted::contains))
          .as("case %s: %s %s", i, configuration, granted)
          .isEqualTo(votes * 2 > configuration.voters().size());
    }
  }

  @Test
  @DisplayName("S-8: any two majorities share a voter, and no smaller number would do")
  void size_allSizes_isHalfPlusOne() {
    for (int voters = 1; voters <= 9; voters++) {
      List<ReplicaId> ids = new ArrayList<>();
      for (int i = 1; i <= voters; i++) {
        ids.add(new ReplicaId(i));
      }
      int size = Quorum.size(Configuration.ofVoters(ids));
      assertThat(2 * size).isGreaterThan(voters);
      assertThat(2 * (size - 1)).isLessThanOrEqualTo(voters);
    }
  }
}
