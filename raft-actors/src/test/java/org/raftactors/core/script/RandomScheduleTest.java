package org.raftactors.core.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A few hundred random schedules: gross errors do not survive them. A failure names its seed;
 * {@code -Dschedule.seed=N} plays that one alone.
 */
class RandomScheduleTest {

  private static final int ENOUGH_FOR_EVERY_FAULT = 60;
  private static final int SCHEDULES = Integer.getInteger("schedule.count", ENOUGH_FOR_EVERY_FAULT);
  private static final int SHOWN_LINES = Integer.getInteger("schedule.lines", 60);

  @ParameterizedTest(name = "{0} voters")
  @ValueSource(ints = {1, 2, 3, 4, 5})
  @DisplayName("35, 51: random schedules keep every safety property and come to rest")
  void randomSchedules_anyFaults_safeAndLive(int voters) {
    long first = Long.getLong("schedule.seed", voters * 1_000_000L);
    long end = Long.getLong("schedule.seed") == null ? first + SCHEDULES : first + 1;
    long committed = 0;
    long stalled = 0;
    for (long seed = first; seed < end; seed++) {
      RandomSchedule schedule = play(seed, voters);
      committed += schedule.committed();
      stalled += schedule.failStops();
    }
    assertThat(committed).as("entries committed in all schedules").isPositive();
    if (end - first >= ENOUGH_FOR_EVERY_FAULT) {
      assertThat(stalled).as("replicas stopped by their disks in all schedules").isPositive();
    }
  }

  private static RandomSchedule play(long seed, int voters) {
    Transcript silent = new Transcript();
    silent.mode(Transcript.Mode.OFF);
    try {
      RandomSchedule schedule = new RandomSchedule(seed, voters, silent);
      schedule.play();
      return schedule;
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(
          "seed " + seed + " with " + voters + " voters: " + e.getMessage() + replay(seed, voters),
          e);
    }
  }

  /** The same schedule again, this time with its transcript. */
  private static String replay(long seed, int voters) {
    Transcript full = new Transcript();
    try {
      new RandomSchedule(seed, voters, full).play();
    } catch (RuntimeException | AssertionError e) {
      List<String> lines = full.take();
      int from = Math.max(0, lines.size() - SHOWN_LINES);
      return "\nthe last of "
          + lines.size()
          + " lines:\n"
          + String.join("\n", lines.subList(from, lines.size()));
    }
    return "\nand did not fail when it was played again";
  }

  @Test
  @DisplayName("the same seed gives the same transcript")
  void randomSchedule_sameSeed_sameTranscript() {
    boolean stalled = false;
    for (long seed = 0; seed < 5; seed++) {
      List<String> transcript = transcript(seed);
      assertThat(transcript(seed)).isEqualTo(transcript);
      stalled |= transcript.stream().anyMatch(line -> line.endsWith(" fail-stop"));
    }
    assertThat(stalled).as("a disk stalled in one of them").isTrue();
  }

  private static List<String> transcript(long seed) {
    Transcript full = new Transcript();
    new RandomSchedule(seed, 3, full).play();
    return full.take();
  }
}
