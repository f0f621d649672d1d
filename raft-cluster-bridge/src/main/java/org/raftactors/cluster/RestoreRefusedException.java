package org.raftactors.cluster;

import java.io.IOException;
import java.nio.file.Path;

/** A backup is not restored where there is data. Nothing was written. */
public final class RestoreRefusedException extends IOException {

  private static final long serialVersionUID = 1L;

  RestoreRefusedException(Path directory, String found) {
    super(
        "nothing is restored for the store "
            + "at "
            + directory
            + ": "
            + found
            + ". A backup is restored for nodes that were never started, into empty directories"
            + " only: name another directory, or move away what is there");
  }
}
