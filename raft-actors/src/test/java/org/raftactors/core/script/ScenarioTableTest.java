package org.raftactors.core.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The table of scenarios is complete, and what it names exists. */
class ScenarioTableTest {

  private static final Path ROOT = Path.of("src", "test", "resources", "scripts");
  private static final Path TESTS = Path.of("src", "test", "java", "org", "raftactors", "core");
  private static final Pattern ROW = Pattern.compile("^\\| ([0-9]+) \\|.*", Pattern.MULTILINE);
  private static final Pattern SCRIPT = Pattern.compile("`([a-z]+/[^`]+\\.txt)`");
  private static final Pattern TEST_CLASS = Pattern.compile("`([A-Z][A-Za-z0-9]+Test)`");

  private static String table() throws IOException {
    return Files.readString(ROOT.resolve("SCENARIOS.md"));
  }

  private static Set<String> found(Pattern pattern) throws IOException {
    Set<String> found = new TreeSet<>();
    Matcher matcher = pattern.matcher(table());
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }

  private static Set<String> files(Path root, String ending) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(path -> path.toString().endsWith(ending))
          .map(path -> root.relativize(path).toString().replace('\\', '/'))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  @Test
  @DisplayName("every scenario of the core has a row")
  void table_everyScenario_hasARow() throws IOException {
    List<String> wanted =
        Stream.of(
                IntStream.rangeClosed(1, 12),
                IntStream.rangeClosed(17, 19),
                IntStream.of(24),
                IntStream.rangeClosed(27, 51),
                IntStream.rangeClosed(56, 60),
                IntStream.rangeClosed(92, 94),
                IntStream.of(97))
            .flatMapToInt(numbers -> numbers)
            .mapToObj(Integer::toString)
            .toList();
    assertThat(found(ROW)).containsAll(wanted);
  }

  @Test
  @DisplayName("every script that the table names exists")
  void table_everyScript_exists() throws IOException {
    assertThat(files(ROOT, ".txt")).containsAll(found(SCRIPT));
  }

  @Test
  @DisplayName("every test class that the table names exists")
  void table_everyClass_exists() throws IOException {
    Set<String> classes =
        files(TESTS, "Test.java").stream()
            .map(file -> file.substring(file.lastIndexOf('/') + 1).replace(".java", ""))
            .collect(Collectors.toSet());
    assertThat(classes).containsAll(found(TEST_CLASS));
  }
}
