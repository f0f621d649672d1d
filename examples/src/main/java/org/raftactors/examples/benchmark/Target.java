package org.raftactors.examples.benchmark;

import org.apache.pekko.actor.typed.ActorRef;

/**
 * Where operations go. Each is answered by one message to the generator: a {@code Committed} or
 * {@code Answered} with its number, a {@link Done}, or anything else for a failure.
 */
interface Target {

  /**
   * An operation is done.
   *
   * @param number its number
   */
  record Done(long number) {}

  /** An operation has failed. */
  enum Failed {
    INSTANCE
  }

  /** Makes the target of one generator. */
  @FunctionalInterface
  interface Factory {
    Target create(ActorRef<Object> generator, Reads reads);
  }

  /** Proposes a command, which is encoded before this returns; its number is the operation's. */
  void write(Sample sample);

  /** Reads. */
  void read(long number);
}
