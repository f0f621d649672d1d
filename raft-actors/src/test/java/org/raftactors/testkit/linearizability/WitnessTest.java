package org.raftactors.testkit.linearizability;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * A register whose input is what is written, null for a read, and whose output is what was read.
 */
class WitnessTest {

  private static final SequentialModel<Integer, Integer, Integer> REGISTER =
      new SequentialModel<>() {
        @Override
        public Object partition(Integer input) {
          return "the register";
        }

        @Override
        public Integer initial() {
          return 0;
        }

        @Override
        public @Nullable Integer step(Integer state, Integer input, @Nullable Integer output) {
          return input > 0 ? input : state.equals(output) ? state : null;
        }
      };

  private static final int READ = 0;

  private static Operation<Integer, Integer> operation(
      long invoked, long completed, int input, int output) {
    return new Operation<>(1, invoked, completed, input, output);
  }

  private static boolean explains(List<Operation<Integer, Integer>> order) {
    return Witness.explains(REGISTER, order);
  }

  @Test
  @DisplayName("an order that respects real time and the model explains the history")
  void goodOrder_explains() {
    assertThat(explains(List.of())).isTrue();
    assertThat(
            explains(
                List.of(
                    operation(5, 9, 1, 1),
                    operation(1, 6, READ, 1), // overlaps, and sees it
                    Operation.unknown(2, 2, 7),
                    operation(10, 11, READ, 7))))
        .isTrue();
  }

  @Test
  @DisplayName("what was over before something else began cannot stand behind it")
  void orderAgainstRealTime_doesNotExplain() {
    Operation<Integer, Integer> write = operation(5, 9, 1, 1);
    assertThat(explains(List.of(write, operation(1, 4, READ, 1)))).isFalse();
    assertThat(explains(List.of(write, operation(1, 5, READ, 1)))).isTrue();
    assertThat(explains(List.of(operation(1, 4, READ, 0), write))).isTrue();
  }

  @Test
  @DisplayName("what was read must be what is there")
  void orderAgainstTheModel_doesNotExplain() {
    assertThat(explains(List.of(operation(1, 2, 1, 1), operation(3, 4, READ, 0)))).isFalse();
    assertThat(explains(List.of(operation(1, 2, READ, 3)))).isFalse();
  }
}
