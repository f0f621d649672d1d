package org.raftactors.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShrinkerTest {

  private static final List<Integer> ALL = IntStream.range(0, 100).boxed().toList();

  @Test
  void fewer_someAreNeeded_exactlyThose() {
    List<Integer> needed = List.of(3, 41, 42, 97);
    assertThat(Shrinker.fewer(ALL, some -> some.containsAll(needed))).isEqualTo(needed);
  }

  @Test
  void fewer_noneIsNeeded_none() {
    assertThat(Shrinker.fewer(ALL, some -> true)).isEmpty();
    assertThat(Shrinker.fewer(List.<Integer>of(), some -> true)).isEmpty();
  }

  @Test
  void fewer_allAreNeeded_all() {
    assertThat(Shrinker.fewer(ALL, some -> some.size() == ALL.size())).isEqualTo(ALL);
  }

  @Test
  void fewer_anyThree_threeInOrder() {
    assertThat(Shrinker.fewer(ALL, some -> some.size() >= 3)).hasSize(3).isSorted();
  }
}
