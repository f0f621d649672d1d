package org.raftactors.core.rules;

import java.util.List;
import org.raftactors.core.script.ScriptCommands;

/** A scripted cluster for tests that assert single transcript lines. */
final class Play {

  private final ScriptCommands commands = new ScriptCommands();

  /** Runs commands whose transcript does not matter. */
  static Play of(String... lines) {
    Play play = new Play();
    for (String line : lines) {
      play.run(line);
    }
    return play;
  }

  /** Three voters, r1 leads term 1 and everybody has applied its no-op 1/1. */
  static Play threeLedByR1() {
    return of("cluster 3", "elect r1", "run 100ms");
  }

  /** Runs one command, and gives its transcript. */
  List<String> run(String line) {
    return commands.run(line);
  }

  /** Runs commands, and gives the transcript of the last one. */
  List<String> then(String... lines) {
    List<String> printed = List.of();
    for (String line : lines) {
      printed = run(line);
    }
    return printed;
  }
}
