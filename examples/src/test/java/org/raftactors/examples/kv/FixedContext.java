package org.raftactors.examples.kv;

import java.time.Instant;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.raftactors.ApplyContext;

/** A place in a log, without a log. */
record FixedContext(long index, long term) implements ApplyContext {

  @Override
  public Instant timestamp() {
    return Instant.EPOCH;
  }

  @Override
  public RandomGenerator random() {
    return new Random(index);
  }
}
