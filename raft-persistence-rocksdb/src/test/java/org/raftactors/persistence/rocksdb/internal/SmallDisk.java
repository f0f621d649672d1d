package org.raftactors.persistence.rocksdb.internal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A small file system of its own. Needs the right to mount; without it tests skip. */
final class SmallDisk implements AutoCloseable {

  private final Path root;

  private SmallDisk(Path root) {
    this.root = root;
  }

  static SmallDisk mount(Path at, int mebibytes) throws IOException {
    Files.createDirectories(at);
    Assumptions.assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "tmpfs", at.toString()),
        "no right to mount a file system");
    return new SmallDisk(at);
  }

  /** A file with a file system: what is in the file is what a power cut leaves. */
  static void format(Path image) throws IOException {
    try (var file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(48L << 20);
    }
    Assumptions.assumeTrue(run("mkfs.ext4", "-q", "-F", image.toString()), "no mkfs.ext4");
  }

  static SmallDisk mountImage(Path image, Path at) throws IOException {
    Files.createDirectories(at);
    Assumptions.assumeTrue(
        run("mount", "-o", "loop", image.toString(), at.toString()),
        "no right to mount a file system");
    return new SmallDisk(at);
  }

  Path root() {
    return root;
  }

  /** Leaves no byte free; gives the file to delete. */
  Path fill() throws IOException {
    Path ballast = Files.createTempFile(root, "ballast", "");
    byte[] block = new byte[4096];
    try (var out = Files.newOutputStream(ballast)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException full) {
      return ballast;
    }
  }

  /** From now on this process cannot make files longer than this: a write beyond it fails. */
  static void limitFiles(String bytes) {
    String pid = Long.toString(ProcessHandle.current().pid());
    Assumptions.assumeTrue(
        run("prlimit", "--pid", pid, "--fsize=" + bytes + ":"), "no prlimit on this system");
  }

  private static boolean run(String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    if (!run("umount", root.toString()) && !run("umount", "-l", root.toString())) {
      throw new IllegalStateException(root + " is still mounted.");
    }
  }
}
