package org.raftactors.core.script;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.random.RandomGenerator;

/** A source of election time-outs that are what the script says; the last one repeats. */
final class ScriptedTimeouts implements RandomGenerator {

  private final Deque<Long> nanos = new ArrayDeque<>();

  private long incarnations;

  ScriptedTimeouts(long nanos) {
    this.nanos.add(nanos);
  }

  void next(List<Long> newNanos) {
    nanos.clear();
    nanos.addAll(newNanos);
  }

  @Override
  public long nextLong(long origin, long bound) {
    long value = nanos.size() > 1 ? nanos.remove() : nanos.element();
    if (value < origin || value >= bound) {
      throw new IllegalStateException(
          "the scripted time-out " + value + " is not in " + origin + " to " + bound);
    }
    return value;
  }

  /** Where a replica begins to number its read requests: each incarnation elsewhere. */
  @Override
  public long nextLong(long bound) {
    incarnations++;
    return incarnations * 1_000;
  }

  @Override
  public long nextLong() {
    throw new UnsupportedOperationException("only election time-outs are random");
  }
}
