package org.raftactors.persistence.rocksdb.internal;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.raftactors.persistence.rocksdb.RocksDbStoreException;
import org.raftactors.persistence.rocksdb.RocksDbStoreException.Reason;
import org.raftactors.persistence.rocksdb.StoreVerdict;
import org.raftactors.persistence.rocksdb.StoreVerdict.Kind;

/** Looks at the data directory before RocksDB does, for clearer errors and one safer refusal. */
final class DirectoryCheck {

  private DirectoryCheck() {}

  static void prepare(StoreSettings settings) {
    Path directory = settings.directory();
    if (Files.exists(directory) && !Files.isDirectory(directory)) {
      throw failure(settings, "is not a directory", null);
    }
    try {
      Files.createDirectories(directory, ownerOnly());
    } catch (IOException e) {
      throw failure(settings, "cannot be created", e);
    }
    if (!Files.isReadable(directory) || !Files.isWritable(directory)) {
      throw failure(settings, "cannot be read and written by this user", null);
    }
    DamageFlag.refuseIfRaised(directory);
    refuseHeadless(settings);
  }

  /**
   * RocksDB takes a directory without a CURRENT file for a new one and would start empty beside
   * data files, whose content would be lost without a word.
   */
  private static void refuseHeadless(StoreSettings settings) {
    Path directory = settings.directory();
    if (Files.exists(directory.resolve("CURRENT"))) {
      return;
    }
    try (Stream<Path> files = Files.list(directory)) {
      Path mark = settings.markDirectory().resolve(HighWaterMark.FILE);
      if (Files.exists(mark) || files.anyMatch(file -> isData(file.getFileName().toString()))) {
        throw StoreErrors.verdict(
            directory,
            new StoreVerdict(
                Kind.OTHER_STORE,
                "it has no file CURRENT, but there are data files or "
                    + mark
                    + ", so it is not a new store; its database is lost"));
      }
    } catch (IOException e) {
      throw failure(settings, "cannot be listed", e);
    }
  }

  private static boolean isData(String name) {
    return name.endsWith(".sst") || name.endsWith(".log");
  }

  private static FileAttribute<?>[] ownerOnly() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
        }
        : new FileAttribute<?>[0];
  }

  private static RocksDbStoreException failure(
      StoreSettings settings, String what, @Nullable IOException cause) {
    return StoreErrors.error(
        Reason.DIRECTORY,
        settings.directory(),
        "The data directory "
            + settings.directory()
            + " "
            + what
            + (cause == null ? "" : " (" + cause + ")")
            + ". Correct it, or set "
            + settings.configPath()
            + ".directory to another one.",
        cause);
  }
}
