package org.raftactors.core.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * The table of scenarios is complete, what it names exists, and whatever stands in the row of a
 * number says that number itself: a script at the beginning of its name, a test class at the
 * beginning of a display name.
 */
class ScenarioTableTest {

  private static final Path ROOT = Path.of("src", "test", "resources", "scripts");
  private static final Path TESTS = Path.of("src", "test", "java", "org", "raftactors", "core");

  /** A row of a scenario or bug: its id, and everything else. */
  private static final Pattern ROW =
      Pattern.compile("^\\| ([0-9]+|[JS]-[0-9]+b?) \\|(.*)$", Pattern.MULTILINE);

  private static final Pattern SCRIPT = Pattern.compile("`([a-z]+/[^`]+\\.txt)`");
  private static final Pattern TEST_CLASS = Pattern.compile("`([A-Z][A-Za-z0-9]+Test)`");

  /** What a script shows, as its file name says: a bug, a number, or both as in J-4-51. */
  private static final List<Pattern> IDS_OF_FILE =
      List.of(
          Pattern.compile("^([JS]-[0-9]+b?)-"), Pattern.compile("^(?:[JS]-[0-9]+b?-)?0*([0-9]+)-"));

  /** What a test shows, as its display name says: {@code "28, 29: the log ..."}. */
  private static final Pattern IDS_OF_TEST =
      Pattern.compile("(?:@DisplayName\\(|name =)\\s*\"([0-9JSb, -]+):");

  /** A test class in the prose of a script, unless it is one of another project. */
  private static final Pattern CLASS_IN_PROSE =
      Pattern.compile("(?<!MicroRaft )\\b([A-Z][A-Za-z0-9]+Test)\\b");

  private static String table() throws IOException {
    return Files.readString(ROOT.resolve("SCENARIOS.md"));
  }

  private static List<String> all(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(found -> found.group(1)).toList();
  }

  private static List<String> files(Path root, String ending) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(path -> path.toString().endsWith(ending))
          .map(path -> root.relativize(path).toString().replace('\\', '/'))
          .sorted()
          .toList();
    }
  }

  private static String fileName(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** The ids that a script has in its name. */
  private static Set<String> idsOfScript(String script) {
    Set<String> ids = new TreeSet<>();
    IDS_OF_FILE.forEach(pattern -> ids.addAll(all(pattern, fileName(script))));
    return ids;
  }

  /** The ids that the tests of each class have in their display names. */
  private static Map<String, Set<String>> idsOfClasses() throws IOException {
    Map<String, Set<String>> ids = new TreeMap<>();
    for (String file : files(TESTS, "Test.java")) {
      Set<String> ofClass = new TreeSet<>();
      all(IDS_OF_TEST, Files.readString(TESTS.resolve(file)))
          .forEach(list -> ofClass.addAll(Arrays.asList(list.split(", ", -1))));
      ids.put(fileName(file).replace(".java", ""), ofClass);
    }
    return ids;
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
    assertThat(all(ROW, table())).doesNotHaveDuplicates().containsAll(wanted);
  }

  @Test
  @DisplayName("the table names every script that there is, and no other")
  void table_scripts_areThoseInTheFolder() throws IOException {
    assertThat(new TreeSet<>(all(SCRIPT, table()))).containsExactlyElementsOf(files(ROOT, ".txt"));
  }

  @Test
  @DisplayName("test classes exist by the names that the table and the scripts use")
  void namedClasses_exist() throws IOException {
    Set<String> classes = idsOfClasses().keySet();
    assertThat(classes).containsAll(all(TEST_CLASS, table()));
    for (String script : files(ROOT, ".txt")) {
      String prose =
          String.join(
              "\n",
              Files.readAllLines(ROOT.resolve(script)).stream()
                  .filter(line -> line.startsWith("#"))
                  .toList());
      assertThat(classes).as(script).containsAll(all(CLASS_IN_PROSE, prose));
    }
  }

  @Test
  @DisplayName("each row's number stands in the names of its scripts and tests")
  void rows_tests_sayTheNumber() throws IOException {
    Map<String, Set<String>> classes = idsOfClasses();
    List<String> wrong = new ArrayList<>();
    for (Matcher row = ROW.matcher(table()); row.find(); ) {
      String id = row.group(1);
      List<String> named = new ArrayList<>(all(SCRIPT, row.group(2)));
      named.addAll(all(TEST_CLASS, row.group(2)));
      List<String> silent =
          named.stream()
              .filter(
                  test ->
                      !idsOfScript(test).contains(id)
                          && !classes.getOrDefault(test, Set.of()).contains(id))
              .toList();
      boolean isBug = !Character.isDigit(id.charAt(0)); // scenarios may show it as well
      if (silent.size() == named.size() || (!isBug && !silent.isEmpty())) {
        wrong.add(id + ": " + silent);
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  @DisplayName("whatever has a number in its name stands in the row of that number")
  void numberedTests_standInTheirRow() throws IOException {
    Map<String, String> rows = new TreeMap<>();
    for (Matcher row = ROW.matcher(table()); row.find(); ) {
      rows.put(row.group(1), row.group(2));
    }
    List<String> missing = new ArrayList<>();
    for (String script : files(ROOT, ".txt")) {
      idsOfScript(script).stream()
          .filter(id -> !rows.getOrDefault(id, "").contains("`" + script + "`"))
          .forEach(id -> missing.add(id + " " + script));
    }
    idsOfClasses()
        .forEach(
            (test, ids) ->
                ids.stream()
                    .filter(id -> !rows.getOrDefault(id, "").contains("`" + test + "`"))
                    .forEach(id -> missing.add(id + " " + test)));
    assertThat(missing).isEmpty();
  }
}
