package org.raftactors.examples.chaos;

/**
 * One request of a client.
 *
 * @param node who was asked, by place
 * @param what put, get, cas or delete, with the key
 * @param began when, in nanoseconds of the run
 * @param ended when its outcome was known, or given up
 * @param outcome what came of it
 */
record Sample(int node, String what, long began, long ended, Outcome outcome) {

  enum Outcome {
    /** Answered with a result. */
    SUCCEEDED,
    /** Answered with 503: it never happens. */
    REFUSED,
    /** Nobody listened. */
    NOT_SENT,
    /** 504: nobody knows. */
    UNKNOWN,
    /** The connection broke before an answer came. */
    LOST,
    /** An answer that no such request may get. */
    WRONG
  }

  long nanos() {
    return ended - began;
  }
}
