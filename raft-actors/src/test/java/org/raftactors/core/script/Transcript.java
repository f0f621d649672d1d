package org.raftactors.core.script;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What happened, one line each, as structured state and never as log wording. */
final class Transcript {

  /** How much is recorded. */
  enum Mode {
    /** Everything. */
    FULL,
    /** Roles, commits, writes that fail, and outcomes: not each message and write. */
    BRIEF,
    /** Nothing. */
    OFF
  }

  private List<String> lines = new ArrayList<>();
  private Mode mode = Mode.FULL;

  Mode mode() {
    return mode;
  }

  void mode(Mode newMode) {
    mode = newMode;
  }

  /** A single message, write or apply. */
  void detail(Supplier<String> line) {
    if (mode == Mode.FULL) {
      lines.add(line.get());
    }
  }

  /** A change of role or commit index, or an answer. */
  void outcome(Supplier<String> line) {
    if (mode != Mode.OFF) {
      lines.add(line.get());
    }
  }

  /** What a command asked for by itself. */
  void answer(String line) {
    lines.add(line);
  }

  /** Everything since the last call. */
  List<String> take() {
    List<String> taken = lines;
    lines = new ArrayList<>();
    return taken;
  }
}
