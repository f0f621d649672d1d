package org.raftactors.examples.benchmark;

import java.time.Instant;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.raftactors.ApplyContext;

/** For a state machine that does not ask. */
record NoContext() implements ApplyContext {

  @Override
  public long index() {
    return 1;
  }

  @Override
  public long term() {
    return 1;
  }

  @Override
  public Instant timestamp() {
    return Instant.EPOCH;
  }

  @Override
  public RandomGenerator random() {
    return new Random(1);
  }
}
