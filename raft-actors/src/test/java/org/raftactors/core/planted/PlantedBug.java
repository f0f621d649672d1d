package org.raftactors.core.planted;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A deliberate bug. Bugs stand in text files, in the form of a patch:
 *
 * <pre>
 * == name-of-the-bug
 * breaks: the rule or the scenario
 * file: RaftCore.java
 * -  lines to be found
 * -  exactly once
 * +  what stands there instead
 * </pre>
 *
 * <p>A bug may have several edits, also in several files. Lines that begin with {@code #} and blank
 * lines mean nothing.
 *
 * @param name says what goes wrong
 * @param breaks the rule or scenario
 * @param edits of the production's sources
 */
record PlantedBug(String name, String breaks, List<Edit> edits) {

  private static final Path FOLDER = Path.of("src", "test", "resources", "planted-bugs");

  /**
   * One change of one file.
   *
   * @param file below the core's package
   * @param original whole lines that stand there exactly once
   * @param replacement whole lines, perhaps none
   */
  record Edit(String file, String original, String replacement) {}

  /** All bugs, in the order of the files' names. */
  static List<PlantedBug> all() {
    List<PlantedBug> bugs = new ArrayList<>();
    try (Stream<Path> files = Files.list(FOLDER)) {
      for (Path file : files.sorted().toList()) {
        new Parser(bugs).parse(Files.readAllLines(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + FOLDER, e);
    }
    return bugs;
  }

  @Override
  public String toString() {
    return name;
  }

  private static final class Parser {
    private final List<PlantedBug> bugs;
    private String breaks = "";
    private String file = "";
    private final StringBuilder original = new StringBuilder();
    private final StringBuilder replacement = new StringBuilder();

    Parser(List<PlantedBug> bugs) {
      this.bugs = bugs;
    }

    void parse(List<String> lines) {
      for (String line : lines) {
        if (line.startsWith("== ")) {
          endEdit();
          bugs.add(new PlantedBug(line.substring(3), "", new ArrayList<>()));
        } else if (line.startsWith("breaks: ")) {
          breaks = line.substring(8);
          PlantedBug last = bugs.remove(bugs.size() - 1);
          bugs.add(new PlantedBug(last.name(), breaks, last.edits()));
        } else if (line.startsWith("file: ")) {
          endEdit();
          file = line.substring(6);
        } else if (line.startsWith("-")) {
          if (replacement.length() > 0) {
            endEdit();
          }
          original.append(line.substring(1)).append('\n');
        } else if (line.startsWith("+")) {
          replacement.append(line.substring(1)).append('\n');
        } else if (!line.isBlank() && !line.startsWith("#")) {
          throw new IllegalArgumentException("no line of a bug: " + line);
        }
      }
      endEdit();
    }

    private void endEdit() {
      if (original.length() > 0) {
        bugs.get(bugs.size() - 1)
            .edits()
            .add(new Edit(file, original.toString(), replacement.toString()));
        original.setLength(0);
        replacement.setLength(0);
      }
    }
  }
}
