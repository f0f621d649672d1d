package org.raftactors.examples.embedding;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import org.raftactors.backup.BackupContents;
import org.raftactors.backup.BackupFile;
import org.raftactors.cluster.RaftNode;
import org.raftactors.cluster.Restore;

/** Backs the desks up, and lets a new cluster begin with that. Both block. */
public final class TicketBackups {

  private TicketBackups() {}

  /**
   * Makes a backup.
   *
   * @param node which has started
   * @param file a new file
   * @return the id of the backup
   * @throws IOException if there is none
   */
  public static String backUp(RaftNode node, Path file) throws IOException {
    // #backup
    try (InputStream stream = node.backup(Duration.ofMinutes(10))) {
      BackupContents contents = BackupFile.write(stream, file);
      return contents.label().id();
    }
    // #backup
  }

  /**
   * Restores it for one node of a new cluster.
   *
   * @param file the backup
   * @param storeDirectory of the node, which was never started
   * @return the id of the backup
   * @throws IOException if it cannot be restored there
   */
  public static String restore(Path file, Path storeDirectory) throws IOException {
    // #restore
    BackupContents contents = Restore.restore(file, storeDirectory);
    // #restore
    return contents.label().id();
  }
}
