package org.raftactors.examples.chaos;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A small file system in memory, for one node alone, that can be full for a while. */
final class SmallDisk implements AutoCloseable {

  private static final int MEBIBYTES = 256;
  private static final int BLOCK = 4096;

  /** So that a node on such a disk has room enough, and notices in time that it has not. */
  static final List<String> SETTINGS =
      List.of(
          "raft-actors.persistence.rocksdb.store.min-free-disk=32MiB",
          "raft-actors.persistence.rocksdb.store.write-buffer-budget=8MiB",
          "raft-actors.persistence.rocksdb.store.write-buffer-size=4MiB",
          "raft-actors.persistence.rocksdb.store.block-cache-size=16MiB",
          "raft-actors.persistence.rocksdb.store.max-wal-size=16MiB");

  private final Path root;
  private final Path ballast;

  private SmallDisk(Path root) {
    this.root = root;
    this.ballast = root.resolve("ballast");
  }

  /**
   * Mounts one.
   *
   * @param at an empty directory, made if it is missing
   * @return to be closed
   * @throws IOException if that is not permitted
   */
  static SmallDisk mount(Path at) throws IOException {
    Files.createDirectories(at);
    String size = "size=" + MEBIBYTES + "m";
    if (!run("mount", "-t", "tmpfs", "-o", size, "tmpfs", at.toString())) {
      throw new IOException("cannot mount a file system at " + at + ", which 'full' needs");
    }
    return new SmallDisk(at);
  }

  /**
   * Fills it up.
   *
   * @param leave how many bytes to leave free, about
   * @return how many are free now
   * @throws IOException if the file system is gone
   */
  long fill(long leave) throws IOException {
    FileStore disk = Files.getFileStore(root);
    byte[] block = new byte[BLOCK];
    try (OutputStream out = Files.newOutputStream(ballast)) {
      while (disk.getUsableSpace() > leave) {
        out.write(block);
      }
    } catch (IOException e) {
      if (disk.getUsableSpace() > BLOCK) {
        throw e; // it is not full, so this is something else
      }
    }
    return disk.getUsableSpace();
  }

  /** Makes room again. */
  void free() throws IOException {
    Files.deleteIfExists(ballast);
  }

  /** Copies what a node has on it to an ordinary directory: this one will be gone. */
  void copyTo(Path directory) throws IOException {
    free();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted().toList()) {
        Path copy = directory.resolve(root.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }

  private static boolean run(String... command) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    if (!run("umount", root.toString()) && !run("umount", "-l", root.toString())) {
      throw new IOException(root + " is still mounted");
    }
  }
}
