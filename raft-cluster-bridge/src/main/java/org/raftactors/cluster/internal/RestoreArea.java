package org.raftactors.cluster.internal;

import java.nio.file.Path;
import org.raftactors.backup.BackupFile;

/**
 * Where a backup waits for the first start of a node: a directory beside that of the store, with
 * one file. The file has its name only once it is whole and durable; before, another one.
 *
 * @param store the directory of the store
 */
public record RestoreArea(Path store) {

  private static final String NAME = "backup";

  /** Takes any form of the path. */
  public RestoreArea {
    store = store.toAbsolutePath().normalize();
  }

  /** Of the store; not in it, since that directory is the store's alone. */
  public Path directory() {
    return Path.of(store + "-restored");
  }

  /** The restored backup. */
  public Path file() {
    return directory().resolve(NAME);
  }

  /** What is there while it is being restored, and after that was interrupted. */
  public Path unfinished() {
    return directory().resolve(NAME + BackupFile.UNFINISHED);
  }

  /** Where the snapshots of the node's replicas are by default. */
  public Path snapshots() {
    return Path.of(store + "-snapshots");
  }
}
