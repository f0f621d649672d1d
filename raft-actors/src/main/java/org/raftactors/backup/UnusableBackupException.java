package org.raftactors.backup;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file is not a whole and undamaged backup. Says which part of it is wrong, where, and why. */
public final class UnusableBackupException extends IOException {

  private static final long serialVersionUID = 1L;

  UnusableBackupException(Path file, String part, long at, String problem) {
    this(file, part, at, problem, null);
  }

  UnusableBackupException(
      Path file, String part, long at, String problem, @Nullable Throwable cause) {
    super("backup " + file + " is unusable: " + part + ", byte " + at + ": " + problem, cause);
  }
}
