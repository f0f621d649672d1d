package org.raftactors.core.planted;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The page of the documentation with the table of planted bugs and what finds them. */
final class SafetyNetPage {

  private static final Path PAGE = Path.of("..", "src-docs", "safety-net.md");
  private static final String BEGIN = "<!-- written by -Pplanted-bugs: begin -->\n";
  private static final String END = "<!-- written by -Pplanted-bugs: end -->\n";
  private static final Pattern NAME = Pattern.compile("^\\| `([^`]+)` \\|", Pattern.MULTILINE);
  private static final int LONGEST_CELL = 90;

  private SafetyNetPage() {}

  /** The names in the table, in its order. */
  static List<String> names() throws IOException {
    return NAME.matcher(table(Files.readString(PAGE))).results().map(m -> m.group(1)).toList();
  }

  private static String table(String page) {
    return page.substring(page.indexOf(BEGIN) + BEGIN.length(), page.indexOf(END));
  }

  static void write(Map<PlantedBug, Found> found, int schedules) throws IOException {
    StringBuilder table = new StringBuilder();
    table.append(summary(found, schedules));
    table.append("\n| Bug | Breaks | Scripts | Rule tests | Random schedules |\n");
    table.append("| --- | --- | --- | --- | --- |\n");
    found.forEach((bug, by) -> table.append(row(bug, by)));
    String page = Files.readString(PAGE);
    Files.writeString(PAGE, page.replace(table(page), table));
  }

  private static String summary(Map<PlantedBug, Found> found, int schedules) {
    long scripts = found.values().stream().filter(f -> !f.scripts().isEmpty()).count();
    long rules = found.values().stream().filter(f -> !f.rules().isEmpty()).count();
    long random = found.values().stream().filter(f -> !f.schedule().isEmpty()).count();
    return String.format(
        "%d bugs: %d found by scripts, %d by rule tests, %d by at most %d random schedules.%n",
        found.size(), scripts, rules, random, schedules);
  }

  private static String row(PlantedBug bug, Found by) {
    String schedule =
        by.schedule().isEmpty()
            ? ""
            : "no. " + by.schedule().get(0) + ": " + cell(by.schedule().get(1));
    return String.format(
        "| `%s` | %s | %s | %s | %s |%n",
        bug.name(), bug.breaks(), list(by.scripts()), list(by.rules()), schedule);
  }

  private static String list(List<String> red) {
    return switch (red.size()) {
      case 0 -> "";
      case 1 -> red.get(0);
      default -> red.get(0) + " and " + (red.size() - 1) + " more";
    };
  }

  private static String cell(String text) {
    String oneLine = text.replace("|", "/");
    return oneLine.length() <= LONGEST_CELL ? oneLine : oneLine.substring(0, LONGEST_CELL) + "...";
  }
}
