package org.raftactors.persistence.rocksdb.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of faults names, for each one, exactly the test classes whose tests say its number. */
class FaultTableTest {

  private static final int LAST_FAULT = 18;
  private static final Path TESTS = Path.of("src", "test", "java");
  private static final Pattern ROW = Pattern.compile("^\\| F([0-9]+) \\|(.*)$", Pattern.MULTILINE);
  private static final Pattern TEST_CLASS = Pattern.compile("`([A-Z][A-Za-z0-9]+Test)`");
  private static final Pattern SAID =
      Pattern.compile("@DisplayName\\(\\s*\"((?:F[0-9]+(?:, )?)+):");

  @Test
  void everyFault_hasItsTests_andTheTableNamesThem() throws IOException {
    Map<Integer, Set<String>> table = new TreeMap<>();
    String page = Files.readString(Path.of("src", "test", "resources", "FAULTS.md"));
    Matcher row = ROW.matcher(page);
    while (row.find()) {
      Set<String> classes = new TreeSet<>();
      TEST_CLASS.matcher(row.group(2)).results().forEach(found -> classes.add(found.group(1)));
      table.put(Integer.valueOf(row.group(1)), classes);
    }
    assertThat(table).hasSize(LAST_FAULT).isEqualTo(said());
    assertThat(table.values()).noneMatch(Set::isEmpty);
  }

  private static Map<Integer, Set<String>> said() throws IOException {
    Map<Integer, Set<String>> said = new TreeMap<>();
    try (Stream<Path> files = Files.walk(TESTS)) {
      for (Path file : files.filter(path -> path.toString().endsWith("Test.java")).toList()) {
        String name = file.getFileName().toString().replace(".java", "");
        SAID.matcher(Files.readString(file))
            .results()
            .flatMap(found -> Stream.of(found.group(1).split(", ", -1)))
            .forEach(
                fault ->
                    said.computeIfAbsent(Integer.valueOf(fault.substring(1)), f -> new TreeSet<>())
                        .add(name));
      }
    }
    return said;
  }
}
