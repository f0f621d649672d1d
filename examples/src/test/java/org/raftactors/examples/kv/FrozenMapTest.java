package org.raftactors.examples.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class FrozenMapTest {

  private static SortedMap<Integer, Integer> all(FrozenMap<Integer, Integer> map) {
    TreeMap<Integer, Integer> all = new TreeMap<>();
    map.forEach(
        (key, value) -> {
          assertThat(all.isEmpty() || all.lastKey() < key).isTrue();
          all.put(key, value);
        });
    return all;
  }

  private static SortedMap<Integer, Integer> all(FrozenMap<Integer, Integer>.Frozen frozen) {
    TreeMap<Integer, Integer> all = new TreeMap<>();
    for (Map.Entry<Integer, Integer> entry : frozen.entries()) {
      all.put(entry.getKey(), entry.getValue());
    }
    return all;
  }

  @Test
  void frozenAndThawedAtRandom_isAMap_andWhatIsFrozenStays() {
    for (long seed = 1; seed <= 50; seed++) {
      Random random = new Random(seed);
      FrozenMap<Integer, Integer> map = new FrozenMap<>();
      TreeMap<Integer, Integer> model = new TreeMap<>();
      FrozenMap<Integer, Integer>.Frozen frozen = null;
      TreeMap<Integer, Integer> expected = new TreeMap<>();
      for (int step = 0; step < 2_000; step++) {
        int key = random.nextInt(100);
        if (random.nextInt(3) > 0) {
          map.put(key, step);
          model.put(key, step);
        } else {
          assertThat(map.remove(key)).as("seed %s", seed).isEqualTo(model.remove(key));
        }
        assertThat(map.get(key)).as("seed %s", seed).isEqualTo(model.get(key));
        if (random.nextInt(50) == 0) {
          if (frozen == null) {
            frozen = map.freeze();
            expected = new TreeMap<>(model);
          } else {
            assertThat(all(frozen)).as("seed %s", seed).isEqualTo(expected);
            assertThat(frozen.size()).isEqualTo(expected.size());
            frozen.close();
            frozen = null;
          }
        }
        assertThat(map.size()).as("seed %s", seed).isEqualTo(model.size());
      }
      assertThat(all(map)).as("seed %s", seed).isEqualTo(model);
    }
  }

  @Test
  void frozenTwice_isRefused() {
    FrozenMap<Integer, Integer> map = new FrozenMap<>();
    FrozenMap<Integer, Integer>.Frozen frozen = map.freeze();
    assertThatThrownBy(map::freeze).isInstanceOf(IllegalStateException.class);
    frozen.close();
    map.freeze().close();
  }
}
