package org.raftactors.testkit.actors;

import java.io.IOException;

/** A disk fails because the simulation wants it to: what crashes of it has not crashed of a bug. */
final class SimulatedDiskFailure extends IOException {

  private static final long serialVersionUID = 1L;

  SimulatedDiskFailure(String message) {
    super(message);
  }
}
