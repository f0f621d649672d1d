package org.raftactors.examples.chaos;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Damages files of a node that is down, as a bad disk would: a bit in the middle, or the end is
 * missing. Of the three kinds that there are much of: RocksDB's log, its data files, snapshots.
 */
final class Damage {

  private static final List<String> KINDS = List.of(".log", ".sst", ".snapshot");
  private static final int AT_MOST = 3;

  private Damage() {}

  /**
   * Damages one to three files.
   *
   * @param directory where the node has everything
   * @param random says which files, and how
   * @return what was done, for people; empty if there was nothing to be damaged
   * @throws IOException if that fails
   */
  static List<String> strike(Path directory, Random random) throws IOException {
    List<String> done = new ArrayList<>();
    int count = 1 + random.nextInt(AT_MOST);
    for (int i = 0; i < count; i++) {
      List<Path> files = files(directory, List.of(KINDS.get(random.nextInt(KINDS.size()))));
      files = files.isEmpty() ? files(directory, KINDS) : files;
      int which = random.nextInt(Integer.MAX_VALUE);
      boolean cut = random.nextInt(3) == 0;
      double where = random.nextDouble();
      int bit = random.nextInt(8);
      if (!files.isEmpty()) {
        Path file = files.get(which % files.size());
        String name = directory.relativize(file).toString();
        done.add(cut ? cut(file, name, where) : flip(file, name, where, bit));
      }
    }
    return done;
  }

  private static List<Path> files(Path directory, List<String> kinds) throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
        if (kinds.stream().anyMatch(file.toString()::endsWith) && Files.size(file) > 0) {
          found.add(file);
        }
      }
    }
    return found;
  }

  private static String cut(Path file, String name, double where) throws IOException {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      long size = open.length();
      long left = (long) (where * size);
      open.setLength(left);
      return "%s cut from %d to %d bytes".formatted(name, size, left);
    }
  }

  private static String flip(Path file, String name, double where, int bit) throws IOException {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      long at = (long) (where * open.length());
      open.seek(at);
      int before = open.read();
      open.seek(at);
      open.write(before ^ (1 << bit));
      return "%s has another bit in byte %d of %d".formatted(name, at, open.length());
    }
  }
}
