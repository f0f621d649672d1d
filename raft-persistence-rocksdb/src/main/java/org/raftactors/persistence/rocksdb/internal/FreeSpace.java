package org.raftactors.persistence.rocksdb.internal;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.raftactors.persistence.rocksdb.StorePressure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the free space of the disk, so that writes are refused before RocksDB fails: after a
 * failure for lack of space it takes nothing more, not even a vote. The writer thread measures,
 * every so often and every so many bytes; anyone reads the result.
 */
final class FreeSpace {

  /** Where the figure comes from; tests put another disk in its place. */
  @FunctionalInterface
  interface Disk {
    long usableBytes(Path directory) throws IOException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(FreeSpace.class);

  /** Also what an idle store takes to notice that another program filled the disk. */
  static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** Of the floor: what is written between two measurements, and what must come back at least. */
  private static final long STEPS = 8;

  private final StoreSettings settings;
  private volatile StorePressure pressure = StorePressure.NONE;
  private volatile Disk disk = this::usableBytes;

  private volatile boolean measured;

  // Used by the writer thread only.
  private long measuredAt;
  private long writtenSince;

  /** Looked up once, since that reads the table of mounts; asking it is a single system call. */
  private @Nullable FileStore fileStore;

  FreeSpace(StoreSettings settings) {
    this.settings = settings;
  }

  StorePressure pressure() {
    return pressure;
  }

  /** For tests: another disk, looked at before the next batch. */
  void disk(Disk replacement) {
    this.disk = replacement;
    this.measured = false;
  }

  /** How long the next measurement may wait; the maximum if there is no floor to watch. */
  long nanosUntilDue() {
    if (settings.minFreeDisk() == 0) {
      return Long.MAX_VALUE;
    }
    return measured ? Math.max(0, INTERVAL_NANOS - (System.nanoTime() - measuredAt)) : 0;
  }

  void written(long bytes) {
    writtenSince += bytes;
  }

  /** Measures if it is due. */
  void check() {
    if (nanosUntilDue() == 0 || writtenSince > settings.minFreeDisk() / STEPS) {
      measure();
    }
  }

  /** Measures now. */
  void measure() {
    measured = true;
    measuredAt = System.nanoTime();
    writtenSince = 0;
    if (settings.minFreeDisk() == 0) {
      become(StorePressure.NONE, Long.MAX_VALUE);
      return;
    }
    try {
      long free = disk.usableBytes(settings.directory());
      become(pressureAt(free), free);
    } catch (IOException e) {
      // A disk that cannot be asked fails writes as well, and these tell why.
      LOG.warn("The free space of {} is unknown.", settings.directory(), e);
    }
  }

  /** A write or an opening has failed for lack of space; holds until the next measurement. */
  void exhausted() {
    become(StorePressure.FULL, 0);
  }

  private long usableBytes(Path directory) throws IOException {
    FileStore known = fileStore;
    if (known == null) {
      known = Files.getFileStore(directory);
      fileStore = known;
    }
    return known.getUsableSpace();
  }

  private StorePressure pressureAt(long free) {
    long floor = settings.minFreeDisk();
    if (free < floor / 2 + margin(StorePressure.RESERVED_ONLY)) {
      return StorePressure.RESERVED_ONLY;
    }
    return free < floor + margin(StorePressure.LOW) ? StorePressure.LOW : StorePressure.NONE;
  }

  /** Leaving a step needs a little more than entering it, so that it does not flicker. */
  private long margin(StorePressure step) {
    return pressure.compareTo(step) >= 0 ? settings.minFreeDisk() / STEPS : 0;
  }

  private void become(StorePressure next, long free) {
    StorePressure before = pressure;
    pressure = next;
    if (before != next) {
      LOG.warn(
          "Pressure on the disk of {}: {} after {}; {} bytes are free, {}.min-free-disk = {}.",
          settings.directory(),
          next,
          before,
          free,
          settings.configPath(),
          settings.minFreeDisk());
    }
  }
}
