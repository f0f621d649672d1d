package org.raftactors.examples.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/** Shows how a load goes, every five seconds. */
final class Progress implements LongConsumer {

  private static final int SECONDS = 5;

  private final String kind;
  private final Load load;
  private final List<Long> rates = new ArrayList<>();

  Progress(String kind, Load load) {
    this.kind = kind;
    this.load = load;
  }

  @Override
  public void accept(long rate) {
    rates.add(rate);
    System.err.printf(
        "benchmark: %s %d:%d, %d of %d s, %,d operations a second%n",
        kind,
        load.cell().payload(),
        load.cell().window(),
        rates.size() * SECONDS,
        load.warmSeconds() + load.measureSeconds(),
        rate);
  }

  /** One for every five seconds, but for what is left at the end of warming up and of measuring. */
  List<Long> rates() {
    return List.copyOf(rates);
  }
}
