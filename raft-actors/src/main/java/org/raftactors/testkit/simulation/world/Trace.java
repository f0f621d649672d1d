package org.raftactors.testkit.simulation.world;

import java.util.ArrayList;
import java.util.List;

/** What happened, line by line; only made when somebody wants to read it. */
public final class Trace {

  private static final long MICRO = 1_000;

  private final List<String> lines = new ArrayList<>();

  void add(long now, String line) {
    long micros = now / MICRO;
    String fraction = Long.toString(1_000 + micros % 1_000).substring(1);
    lines.add(micros / 1_000 + "." + fraction + " " + line);
  }

  /** {@return the lines, each with its time in virtual milliseconds} */
  public List<String> lines() {
    return List.copyOf(lines);
  }
}
