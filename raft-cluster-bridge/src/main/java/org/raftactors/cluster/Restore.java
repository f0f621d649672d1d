package org.raftactors.cluster;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.raftactors.backup.BackupContents;
import org.raftactors.backup.BackupFile;
import org.raftactors.cluster.internal.RestoreArea;

/**
 * Makes a new cluster begin with a backup. To be done for every initial node of it, on its machine,
 * before its first start: the backup is checked and put beside the directory where the node's store
 * will be. That is all; the cluster then comes into being as any other, under a new id, from nodes
 * that were never started.
 *
 * <p>What makes it safe is at the nodes. A cluster is only created if each of its initial nodes has
 * the same backup, and each node gives its replicas the snapshots out of it before they first vote;
 * so there is never a majority that knows less than the backup. Each replica then begins in a term
 * after that of its snapshot, with a log that stands on it. The new cluster may have other nodes
 * and another number of them; the number of partitions stays, since it decides about where a key
 * is.
 *
 * <p>States of a node's directory: empty; a file that is not whole yet, with which a node refuses
 * to start, and over which the next attempt writes; the whole backup, durable under its name; a
 * node that has taken it over, which removes it. A crash leaves one of these.
 */
public final class Restore {

  private Restore() {}

  /**
   * Restores a backup for one node. Blocks. May be called again if it was interrupted.
   *
   * @param backup the file
   * @param storeDirectory what {@code raft-actors.persistence.rocksdb.store.directory} of the node
   *     is or will be; must be empty, or not exist
   * @return what was restored
   * @throws org.raftactors.backup.UnusableBackupException naming the part, the byte and the rule,
   *     if the backup is damaged: nothing was written then
   * @throws RestoreRefusedException naming the directory and the rule, if there is data already:
   *     nothing was written then
   * @throws IOException if something cannot be read or written
   */
  public static BackupContents restore(Path backup, Path storeDirectory) throws IOException {
    RestoreArea area = new RestoreArea(storeDirectory);
    BackupContents contents = BackupFile.verify(backup);
    refuseData(area.store());
    refuseData(area.snapshots());
    if (Files.exists(area.file(), LinkOption.NOFOLLOW_LINKS)) {
      if (BackupFile.look(area.file()).id().equals(contents.label().id())) {
        return contents; // that was all, and it was done before
      }
      throw new RestoreRefusedException(
          area.directory(), "another backup was restored there, which no node has taken over yet");
    }
    Files.createDirectories(area.directory());
    BackupContents written;
    try (InputStream in = new BufferedInputStream(Files.newInputStream(backup))) {
      written = BackupFile.write(in, area.file());
    }
    BackupFile.syncDirectory(area.directory().getParent());
    if (!written.label().id().equals(contents.label().id())) {
      Files.delete(area.file());
      throw new IOException("backup " + backup + " was changed while it was being restored");
    }
    return written;
  }

  private static void refuseData(Path directory) throws IOException {
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.isDirectory(directory)) {
      throw new RestoreRefusedException(directory, "it is not a directory");
    }
    try (Stream<Path> files = Files.list(directory)) {
      List<String> found = files.map(Path::getFileName).map(String::valueOf).limit(3).toList();
      if (!found.isEmpty()) {
        throw new RestoreRefusedException(directory, "it holds data (" + found + ", ...)");
      }
    }
  }
}
