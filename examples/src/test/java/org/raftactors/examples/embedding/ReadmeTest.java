package org.raftactors.examples.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Code in README.md and in the guides is code that compiles: each block of Java follows a comment
 * {@code <!-- snippet: FILE#NAME -->} and is what stands between the two lines {@code // #NAME} of
 * that file.
 */
class ReadmeTest {

  private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

  private static final Pattern BLOCK =
      Pattern.compile(
          "(?:<!-- snippet: (\\S+)#(\\S+) -->\n)?```(java|hocon)\n(.*?)```", Pattern.DOTALL);

  @Test
  void everyBlockOfCode_isThatOfItsSource() throws IOException {
    assertThat(checkedBlocks(PROJECT.resolve("README.md")))
        .contains("state-machine", "node", "propose", "configuration");
  }

  @Test
  void everyBlockOfCodeInTheGuides_isThatOfItsSource() throws IOException {
    List<String> seen = new ArrayList<>();
    try (Stream<Path> guides = Files.list(PROJECT.resolve("src-docs"))) {
      for (Path guide : guides.filter(file -> file.toString().endsWith(".md")).toList()) {
        seen.addAll(checkedBlocks(guide));
      }
    }
    assertThat(seen)
        .contains(
            "simulation",
            "model",
            "raffle",
            "auction",
            "found",
            "small",
            "snapshot",
            "snapshots",
            "follow");
  }

  private static List<String> checkedBlocks(Path document) throws IOException {
    Matcher blocks = BLOCK.matcher(Files.readString(document));
    List<String> seen = new ArrayList<>();
    while (blocks.find()) {
      assertThat(blocks.group(1)).as("the comment before\n%s", blocks.group(4)).isNotNull();
      seen.add(blocks.group(2));
      assertThat(blocks.group(4)).isEqualTo(region(blocks.group(1), blocks.group(2)));
    }
    return seen;
  }

  /** The lines between the two marks, without the indentation that they share. */
  private static String region(String file, String name) throws IOException {
    List<String> lines = Files.readAllLines(PROJECT.resolve(file));
    List<Integer> marks = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).strip().matches("(//|#) #" + Pattern.quote(name))) {
        marks.add(i);
      }
    }
    assertThat(marks).as("lines with the mark #%s in %s", name, file).hasSize(2);
    return lines.subList(marks.get(0) + 1, marks.get(1)).stream()
            .collect(Collectors.joining("\n"))
            .stripIndent()
        + "\n";
  }
}
