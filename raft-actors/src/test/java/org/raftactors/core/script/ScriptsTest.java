package org.raftactors.core.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
    String scenario = relative.getFileName().toString().replace(".txt", "").replace('-', ' ');
    return scenario.replaceFirst(" ", ": ") + " (" + relative.getParent() + ")";
  }

  private static void play(Path path) {
    ScriptFile script = new ScriptFile(path);
    String actual = script.actual();
    if (Boolean.getBoolean("scripts.rewrite")) {
      script.rewrite(actual);
    } else {
      assertThat(actual.lines())
          .as("%s", path)
          .containsExactlyElementsOf(script.expected().lines().toList());
    }
  }
}
