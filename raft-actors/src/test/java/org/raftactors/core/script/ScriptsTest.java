package org.raftactors.core.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Plays every script under {@code src/test/resources/scripts} and compares what happened with what
 * the file says. {@code -Dscripts.rewrite=true} rewrites the files instead: review the diff against
 * Raft, not against the code.
 */
class ScriptsTest {

  private static final Path ROOT = Path.of("src", "test", "resources", "scripts");

  /** A number of the catalogue, an id of a Kommander bug or commit, or a rule of the design. */
  private static final Pattern NAME =
      Pattern.compile("([JSL]-[0-9]+b?(?:-[0-9]+)?|[0-9a-f]{7}|[0-9]+|design)-(.*)\\.txt");

  private static final int LINES_BEFORE = 6;
  private static final int LINES_AFTER = 12;

  @TestFactory
  Stream<DynamicNode> scripts() throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.walk(ROOT)) {
      files = found.filter(path -> path.toString().endsWith(".txt")).sorted().toList();
    }
    assertThat(files).isNotEmpty();
    return files.stream().map(path -> DynamicTest.dynamicTest(name(path), () -> play(path)));
  }

  private static String name(Path path) {
    Path relative = ROOT.relativize(path);
    Matcher scenario = NAME.matcher(relative.getFileName().toString());
    assertThat(scenario.matches()).as("%s begins with the number of its scenario", path).isTrue();
    return scenario.group(1)
        + ": "
        + scenario.group(2).replace('-', ' ')
        + " ("
        + relative.getParent()
        + ")";
  }

  private static void play(Path path) {
    ScriptFile script = new ScriptFile(path);
    String actual = script.actual();
    if (Boolean.getBoolean("scripts.rewrite")) {
      script.rewrite(actual);
      return;
    }
    List<String> expectedLines = script.expected().lines().toList();
    List<String> actualLines = actual.lines().toList();
    if (!actualLines.equals(expectedLines)) {
      fail(path + difference(expectedLines, actualLines));
    }
  }

  /** The first place where they differ, with a few lines around it. */
  private static String difference(List<String> expected, List<String> actual) {
    int at = 0;
    while (at < Math.min(expected.size(), actual.size())
        && expected.get(at).equals(actual.get(at))) {
      at++;
    }
    return ":"
        + (at + 1)
        + ": the transcript differs\nbefore:\n"
        + around(actual, at - LINES_BEFORE, at)
        + "\nexpected:\n"
        + around(expected, at, at + LINES_AFTER)
        + "\nactual:\n"
        + around(actual, at, at + LINES_AFTER);
  }

  private static String around(List<String> lines, int from, int to) {
    return String.join(
        "\n", lines.subList(Math.max(0, from), Math.max(0, Math.min(lines.size(), to))));
  }
}
