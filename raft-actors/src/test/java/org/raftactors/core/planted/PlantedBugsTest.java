package org.raftactors.core.planted;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every planted bug is found by the scripts, the rule tests or the random schedules. A few are
 * planted in each build; {@code -Pplanted-bugs} plants all, tries every net on each of them, and
 * writes the table of {@code src-docs/safety-net.md}.
 */
class PlantedBugsTest {

  private static final boolean ALL = Boolean.getBoolean("planted.all");
  private static final int SCHEDULES = Integer.getInteger("planted.schedules", ALL ? 400 : 200);

  private static final List<String> IN_EACH_BUILD =
      List.of(
          "append-acknowledged-before-durable",
          "vote-counted-twice",
          "old-entry-committed-by-counting",
          "read-index-without-round-identity",
          "vote-forgotten-at-restart");

  private static final List<String> FOR_THE_SIMULATOR =
      List.of(
          "vote-sent-before-durable",
          "two-votes-in-a-term",
          "blind-truncation-by-a-short-append",
          "conflicting-tail-kept",
          "learners-count-in-quorums",
          "old-entry-committed-by-counting",
          "read-without-any-round",
          "vote-without-up-to-date-check",
          "waiters-in-reverse");

  /** What the simulator has found by itself once, it must find with {@code -Pplanted-bugs}. */
  private static final Path FOR_THE_SIMULATOR_OF_THE_PROFILE =
      Path.of("src", "test", "resources", "simulation", "must-find.txt");

  private static List<String> forTheSimulatorOfTheProfile() throws IOException {
    return Files.readAllLines(FOR_THE_SIMULATOR_OF_THE_PROFILE).stream()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .toList();
  }

  static Stream<PlantedBug> bugsOfEachBuild() {
    return PlantedBug.all().stream().filter(bug -> IN_EACH_BUILD.contains(bug.name()));
  }

  @Test
  @DisplayName("nothing is found in the sound core, loaded in the same way")
  void soundCore_nothingIsFound() {
    Found found = Found.in(BuggyCore.sound(), 5);
    assertThat(found.isNothing()).as("%s", found).isTrue();
  }

  @ParameterizedTest
  @MethodSource("bugsOfEachBuild")
  @DisplayName("a planted bug is found")
  void bug_ofEachBuild_isFound(PlantedBug bug) {
    assertThat(Found.firstIn(BuggyCore.with(bug), SCHEDULES).isNothing()).isFalse();
  }

  static Stream<PlantedBug> bugsForTheSimulator() {
    return PlantedBug.all().stream().filter(bug -> FOR_THE_SIMULATOR.contains(bug.name()));
  }

  @ParameterizedTest
  @MethodSource("bugsForTheSimulator")
  @DisplayName("a planted bug is found by the simulator alone: it has not lost its power")
  void bug_withoutScripts_isFoundBySchedules(PlantedBug bug) {
    assertThat(Found.bySchedules(BuggyCore.with(bug), SCHEDULES)).isNotEmpty();
  }

  @Test
  @DisplayName("the page of the documentation has the bugs that there are, each by its own name")
  void page_names_areThoseOfTheBugs() throws IOException {
    List<String> names = PlantedBug.all().stream().map(PlantedBug::name).toList();
    assertThat(names)
        .doesNotHaveDuplicates()
        .containsAll(IN_EACH_BUILD)
        .containsAll(forTheSimulatorOfTheProfile());
    assertThat(forTheSimulatorOfTheProfile()).containsAll(FOR_THE_SIMULATOR);
    if (!ALL) {
      assertThat(SafetyNetPage.names()).isEqualTo(names);
    }
  }

  @Test
  @DisplayName("every planted bug can be planted, and with -Pplanted-bugs each is found")
  void allBugs_areFound() throws IOException {
    Set<String> bySimulator = Set.copyOf(forTheSimulatorOfTheProfile());
    Map<PlantedBug, Found> found = new LinkedHashMap<>();
    for (PlantedBug bug : PlantedBug.all()) {
      assertThat(BuggyCore.sources(bug)).isNotEmpty();
      if (ALL) {
        found.put(bug, Found.in(BuggyCore.with(bug), SCHEDULES));
      }
    }
    if (ALL) {
      SafetyNetPage.write(found, SCHEDULES);
    }
    assertThat(found)
        .allSatisfy(
            (bug, by) -> {
              assertThat(by.isNothing()).as("%s", bug).isFalse();
              assertThat(by.schedule().isEmpty() && bySimulator.contains(bug.name()))
                  .as("%s is not found by the simulator alone any more", bug)
                  .isFalse();
            });
  }
}
