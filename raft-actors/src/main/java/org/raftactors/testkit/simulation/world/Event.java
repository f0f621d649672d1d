package org.raftactors.testkit.simulation.world;

import org.jspecify.annotations.Nullable;

/** Something that will happen. Used again and again, so that the queue makes no garbage. */
final class Event {

  /** What will happen. */
  enum Kind {
    /** A message of another replica arrives. */
    MESSAGE,
    /** A client's request arrives. */
    REQUEST,
    /** A replica's message to itself: write what gathered. */
    WRITE_NEXT,
    /** The disk has done a write. */
    WRITE_DONE,
    /** The state machine takes the next from its queue. */
    MACHINE,
    /** The state machine has told the replica how far it is. */
    APPLIED,
    /** Entries were read back. */
    FETCHED,
    /** Sender and receiver of a snapshot talk to each other. */
    POST,
    /** A replica's message to itself that says what to do. */
    STEP,
    /** The disk has done something with a file, also if the process is paused. */
    FILE,
    /** A replica's timer. */
    TICK,
    /** A replica starts. */
    START,
    /** A paused process goes on. */
    RESUME,
    /** A client does something, or gives up. */
    CLIENT,
    /** An answer arrives at a client. */
    ANSWER,
    /** A fault begins. */
    FAULT,
    /** A fault ends. */
    FAULT_END
  }

  long time;
  long sequence;
  Kind kind = Kind.TICK;
  int node;
  int from;

  /** What it is for: incarnation of a replica, number of a timer, of a write or of an attempt. */
  long number;

  @Nullable Object payload;
}
