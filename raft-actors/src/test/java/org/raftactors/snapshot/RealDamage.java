package org.raftactors.snapshot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Damages files. */
final class RealDamage {

  private RealDamage() {}

  static Path find(Path root, String name) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(name))
          .findFirst()
          .orElseThrow();
    }
  }

  static void flip(Path file, int at) throws IOException {
    byte[] raw = Files.readAllBytes(file);
    raw[at] ^= 4;
    Files.write(file, raw);
  }
}
