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
  private static final List<Path> TESTS =
      Stream.of("raft-actors", "raft-persistence-rocksdb", "raft-cluster-bridge", "examples")
          .map(module -> Path.of("..", module, "src", "test", "java"))
          .toList();

  private static final String WAITING = "## Waiting for a capability";
  private static final int LAST_SCENARIO = 122;

  /** A row of a scenario or bug: its id, and everything else. */
  private static final Pattern ROW =
      Pattern.compile("^\\| ([0-9]+|[JSL]-[0-9]+b?) \\|(.*)$", Pattern.MULTILINE);

  private static final Pattern SCRIPT = Pattern.compile("`([a-z]+/[^`]+\\.txt)`");
  private static final Pattern TEST_CLASS = Pattern.compile("`([A-Z][A-Za-z0-9]+(?:Test|IT))`");

  /** What a script shows, as its file name says: a bug, a number, or both as in J-4-51. */
  private static final List<Pattern> IDS_OF_FILE =
      List.of(
          Pattern.compile("^([JSL]-[0-9]+b?)-"),
          Pattern.compile("^(?:[JSL]-[0-9]+b?-)?0*([0-9]+)-"));

  /** What a test shows, as its display name says: {@code "28, 29: the log ..."}. */
  private static final Pattern IDS_OF_TEST =
      Pattern.compile("(?:@DisplayName\\(|name =)\\s*\"([0-9JSLb, -]+):");

  /** A test class in the prose of a script, unless it is one of another project. */
  private static final Pattern CLASS_IN_PROSE =
      Pattern.compile("(?<!MicroRaft )\\b([A-Z][A-Za-z0-9]+Test)\\b");

  private static String page() throws IOException {
    return Files.readString(ROOT.resolve("SCENARIOS.md"));
  }

  /** What is shown by a test. */
  private static String table() throws IOException {
    return page().substring(0, page().indexOf(WAITING));
  }

  private static String waiting() throws IOException {
    return page().substring(page().indexOf(WAITING));
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
    for (Path root : TESTS) {
      for (String file : files(root, ".java")) {
        Set<String> ofClass =
            ids.computeIfAbsent(fileName(file).replace(".java", ""), any -> new TreeSet<>());
        all(IDS_OF_TEST, Files.readString(root.resolve(file)))
            .forEach(list -> ofClass.addAll(Arrays.asList(list.split(", ", -1))));
      }
    }
    return ids;
  }

  private static Stream<String> numbered(String prefix, int last) {
    return IntStream.rangeClosed(1, last).mapToObj(number -> prefix + number);
  }

  @Test
  @DisplayName("every scenario, and every finding in Kommander, is shown by a test or waits")
  void table_everyScenario_hasOneRow() throws IOException {
    List<String> wanted = new ArrayList<>(List.of("J-5b"));
    Stream.of(
            numbered("", LAST_SCENARIO), numbered("J-", 6), numbered("S-", 23), numbered("L-", 24))
        .flatMap(numbers -> numbers)
        .forEach(wanted::add);
    assertThat(all(ROW, page()))
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(wanted);
    assertThat(all(ROW, waiting())).isNotEmpty();
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
