package org.raftactors.examples.benchmark;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** What Linux says about processor time and memory; -1 on other systems. */
final class Machine {

  /** Linux counts processor time in hundredths of a second. */
  private static final double TICKS_PER_SECOND = 100;

  private Machine() {}

  /** Processor seconds that a process has used. */
  static double cpuSeconds(long pid) throws IOException {
    Path stat = Path.of("/proc/" + pid + "/stat");
    if (!Files.exists(stat)) {
      return -1;
    }
    String text = Files.readString(stat);
    // The name of the program, in parentheses, may contain anything.
    List<String> fields = List.of(text.substring(text.lastIndexOf(')') + 2).split(" "));
    return (Long.parseLong(fields.get(11)) + Long.parseLong(fields.get(12))) / TICKS_PER_SECOND;
  }

  /** Processor seconds that the whole machine was busy, to tell how much of it was not ours. */
  static double busySeconds() throws IOException {
    Path stat = Path.of("/proc/stat");
    if (!Files.exists(stat)) {
      return -1;
    }
    List<String> fields = List.of(Files.readAllLines(stat).get(0).trim().split(" +", -1));
    long busy = 0;
    for (int field : new int[] {1, 2, 3, 6, 7, 8}) {
      busy += Long.parseLong(fields.get(field));
    }
    return busy / TICKS_PER_SECOND;
  }

  /** What lies in a directory, if it exists, in MiB; files that go away meanwhile do not count. */
  static long diskMib(Path directory) throws IOException {
    AtomicLong bytes = new AtomicLong();
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            bytes.addAndGet(attributes.size());
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }
        });
    return bytes.get() >> 20;
  }

  /** Bytes that a process has caused to be written to disks. */
  static long writtenBytes(long pid) throws IOException {
    return number(Path.of("/proc/" + pid + "/io"), "write_bytes:");
  }

  /** Memory of a process, in MiB. */
  static long residentMib(long pid) throws IOException {
    long kib = number(Path.of("/proc/" + pid + "/status"), "VmRSS:");
    return kib < 0 ? -1 : kib / 1024;
  }

  /** Threads of a process, those of libraries included. */
  static long threads(long pid) throws IOException {
    return number(Path.of("/proc/" + pid + "/status"), "Threads:");
  }

  private static long number(Path file, String name) throws IOException {
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        if (line.startsWith(name)) {
          return Long.parseLong(line.replaceAll("\\D", ""));
        }
      }
    }
    return -1;
  }
}
