package org.raftactors.testkit.actors;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What happened in a run, one line each: equal for equal seeds. */
public final class Trace {

  private static final int MAX_LINES = 200_000;
  private static final double NANOS_PER_MILLI = 1e6;

  private record Line(long nanos, String who, Object what) {
    private String text() {
      return String.format(Locale.ROOT, "%12.6f ms  %-10s %s", nanos / NANOS_PER_MILLI, who, what);
    }
  }

  private final EventLoop loop;
  private final List<Line> lines = new ArrayList<>();

  Trace(EventLoop loop) {
    this.loop = loop;
  }

  /**
   * Notes something.
   *
   * @param who did it
   * @param what immutable, and with a text that names neither objects nor real times
   */
  void add(String who, Object what) {
    if (lines.size() < MAX_LINES) {
      lines.add(new Line(loop.now(), who, what));
    }
  }

  /**
   * The text.
   *
   * @return a line for each event
   */
  public List<String> lines() {
    return lines.stream().map(Line::text).toList();
  }
}
