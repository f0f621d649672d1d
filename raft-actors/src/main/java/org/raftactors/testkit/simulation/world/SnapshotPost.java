package org.raftactors.testkit.simulation.world;

/** What sender and receiver of a snapshot tell each other. */
sealed interface SnapshotPost {

  /**
   * A snapshot is offered, again and again until it is taken.
   *
   * @param sending who offers it
   * @param term in which that is
   * @param file what is offered
   */
  record Offer(Sending sending, long term, SnapshotFile file) implements SnapshotPost {}

  /**
   * It is on its way.
   *
   * @param sending whose
   */
  record Coming(Sending sending) implements SnapshotPost {}

  /**
   * It has ended for the receiver.
   *
   * @param sending whose
   * @param delivered whether the receiver has all of it, and knows
   */
  record Ended(Sending sending, boolean delivered) implements SnapshotPost {}
}
