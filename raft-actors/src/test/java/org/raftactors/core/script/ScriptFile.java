package org.raftactors.core.script;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs one script file.
 *
 * <p>A file begins with prose in comments: what happens, why it matters, and the source. Then come
 * commands, one per line from the first column. Below each stand the lines that it must print,
 * indented by two spaces. Blank lines and lines that begin with {@code #} mean nothing. With {@code
 * -Dscripts.rewrite=true} the expected lines are written anew, to be reviewed as a diff.
 *
 * <p>The commands are described at {@link ScriptCommands}.
 */
final class ScriptFile {

  private static final String INDENT = "  ";

  private final Path path;

  ScriptFile(Path path) {
    this.path = path;
  }

  /** The text of the file as it is. */
  String expected() {
    try {
      return Files.readString(path);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + path, e);
    }
  }

  /** The text of the file as it would be if it expected what happens. */
  String actual() {
    List<String> lines = expected().lines().toList();
    List<String> out = new ArrayList<>();
    ScriptCommands commands = new ScriptCommands();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.startsWith(INDENT)) {
        continue; // expected before; the command above has printed what it printed
      }
      out.add(line);
      if (!line.isBlank() && !line.startsWith("#")) {
        run(commands, line, i + 1).forEach(printed -> out.add(INDENT + printed));
      }
    }
    return String.join("\n", out) + "\n";
  }

  private List<String> run(ScriptCommands commands, String line, int number) {
    try {
      return commands.run(line);
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(
          path + ":" + number + ": '" + line + "' failed: " + e.getMessage(), e);
    }
  }

  void rewrite(String text) {
    try {
      Files.writeString(path, text);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + path, e);
    }
  }
}
