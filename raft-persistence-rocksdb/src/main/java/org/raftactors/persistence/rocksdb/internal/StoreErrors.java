package org.raftactors.persistence.rocksdb.internal;

import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.raftactors.persistence.rocksdb.RocksDbStoreException;
import org.raftactors.persistence.rocksdb.RocksDbStoreException.Reason;
import org.raftactors.persistence.rocksdb.StoreVerdict;
import org.raftactors.persistence.rocksdb.StoreVerdict.Kind;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** Turns what went wrong into a message that names the place, the cause and what to do. */
final class StoreErrors {

  private StoreErrors() {}

  static RocksDbStoreException opening(StoreSettings settings, RocksDBException cause) {
    String at = "The RocksDB store at " + settings.directory();
    String key = settings.configPath() + ".directory";
    String detail = cause.getMessage();
    if (isLock(detail)) {
      return error(
          Reason.LOCKED,
          settings.directory(),
          at
              + " is locked by another process or actor system ("
              + detail
              + "). Stop the other one, or give this one a directory of its own with "
              + key
              + ".",
          cause);
    }
    if (isNoSpace(cause)) {
      return full(settings.directory(), cause);
    }
    Reason reason = reason(cause);
    return switch (reason) {
      case CORRUPTED ->
          error(
              reason,
              settings.directory(),
              at
                  + " is damaged ("
                  + detail
                  + "). Nothing was changed. Acknowledged writes may be unreadable: restore the"
                  + " directory from a copy that has all of them. An older copy would open without"
                  + " an error and have forgotten the rest.",
              cause);
      case FORMAT ->
          error(
              reason,
              settings.directory(),
              at
                  + " does not hold the data of this plugin ("
                  + detail
                  + "). Point "
                  + key
                  + " at another directory, or use the program that wrote it.",
              cause);
      default ->
          error(
              reason,
              settings.directory(),
              at
                  + " cannot be opened ("
                  + detail
                  + "). Check that the disk is mounted, has space, and lets this user write.",
              cause);
    };
  }

  static RocksDbStoreException reading(Path directory, String what, RocksDBException cause) {
    return error(
        reason(cause),
        directory,
        "The RocksDB store at "
            + directory
            + " could not read "
            + what
            + " ("
            + cause.getMessage()
            + ").",
        cause);
  }

  static RocksDbStoreException damaged(Path directory, String what, DamagedRecordException cause) {
    return new RocksDbStoreException(
        cause.reason(),
        directory,
        "The RocksDB store at "
            + directory
            + " holds "
            + what
            + " but cannot read it: "
            + cause.getMessage()
            + ".",
        cause,
        null,
        cause.damage());
  }

  static RocksDbStoreException missing(Path directory, String what, String detail) {
    return error(
        Reason.CORRUPTED,
        directory,
        "The RocksDB store at " + directory + " has lost " + what + ": " + detail + ".",
        null);
  }

  /** The store as a whole is not what it was when it acknowledged its writes. */
  static RocksDbStoreException verdict(Path directory, StoreVerdict verdict) {
    return new RocksDbStoreException(
        Reason.CORRUPTED,
        directory,
        "The RocksDB store at "
            + directory
            + " cannot be trusted: "
            + verdict.detail()
            + ". Nothing was changed. Restore what it has lost, or replace the store by a new one"
            + " under a new identity.",
        null,
        verdict,
        null);
  }

  /** RocksDB has met damaged files: it takes no more writes, nor can it be trusted with any. */
  static RocksDbStoreException writeMetDamage(Path directory, Throwable cause) {
    String detail = "a write met damage (" + cause.getMessage() + "), so the store stays closed";
    return new RocksDbStoreException(
        Reason.CORRUPTED,
        directory,
        "The RocksDB store at "
            + directory
            + " is damaged: "
            + detail
            + ". Whether the write is stored is unknown.",
        cause,
        new StoreVerdict(Kind.DAMAGED_FILES, detail),
        null);
  }

  /** While it is closed because the disk was full: nothing is written. */
  static RocksDbStoreException full(Path directory, Throwable cause) {
    return error(
        Reason.NO_SPACE,
        directory,
        "The disk of the RocksDB store at "
            + directory
            + " is full ("
            + cause.getMessage()
            + "). Nothing is stored until there is room and the store has opened again.",
        cause);
  }

  static RocksDbStoreException writeFailed(Path directory, Throwable cause) {
    return error(
        Reason.WRITE_FAILED,
        directory,
        "A write or sync of the RocksDB store at "
            + directory
            + " failed ("
            + cause.getMessage()
            + "). Whether it is stored is known after the next recovery. The store closes and opens"
            + " again.",
        cause);
  }

  static RocksDbStoreException unavailable(Path directory, Throwable cause) {
    return error(
        Reason.UNAVAILABLE,
        directory,
        "The RocksDB store at " + directory + " is not open: " + cause.getMessage(),
        cause);
  }

  /** The rest of the disk is kept for those who may use it. */
  static RocksDbStoreException reserved(StoreSettings settings) {
    return error(
        Reason.NO_SPACE,
        settings.directory(),
        "The disk of the RocksDB store at "
            + settings.directory()
            + " is nearly full: what "
            + settings.configPath()
            + ".min-free-disk = "
            + settings.minFreeDisk()
            + " keeps free is reserved. It was not stored. Make room.",
        null);
  }

  static RocksDbStoreException tooLarge(StoreSettings settings, long bytes) {
    return error(
        Reason.TOO_LARGE,
        settings.directory(),
        "A write of "
            + bytes
            + " bytes is larger than "
            + settings.configPath()
            + ".max-queued-bytes = "
            + settings.maxQueuedBytes()
            + ". It was not stored. Write less at a time, or raise the limit.",
        null);
  }

  static RocksDbStoreException queueFull(StoreSettings settings, long bytes) {
    String path = settings.configPath();
    return error(
        Reason.QUEUE_FULL,
        settings.directory(),
        "The RocksDB store at "
            + settings.directory()
            + " has too much waiting to take an operation of "
            + bytes
            + " bytes that nobody waits for ("
            + path
            + ".max-queued-writes = "
            + settings.maxQueuedWrites()
            + ", "
            + path
            + ".max-queued-bytes = "
            + settings.maxQueuedBytes()
            + "). It was not stored. Write less at a time, or raise the limit.",
        null);
  }

  static RocksDbStoreException closed(Path directory) {
    return error(
        Reason.CLOSED,
        directory,
        "The RocksDB store at " + directory + " is closed: its actor system is terminating.",
        null);
  }

  static RocksDbStoreException error(
      Reason reason, @Nullable Path directory, String message, @Nullable Throwable cause) {
    return new RocksDbStoreException(reason, directory, message, cause);
  }

  private static boolean isLock(@Nullable String detail) {
    if (detail == null) {
      return false;
    }
    String lower = detail.toLowerCase(Locale.ROOT);
    return lower.contains("lock file") || lower.contains("lock hold by");
  }

  static boolean isCorruption(Throwable cause) {
    return cause instanceof RocksDBException rocks && reason(rocks) == Reason.CORRUPTED;
  }

  static boolean isNoSpace(Throwable cause) {
    if (cause instanceof RocksDBException rocks
        && rocks.getStatus() != null
        && rocks.getStatus().getSubCode() == Status.SubCode.NoSpace) {
      return true;
    }
    String detail = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    return detail.contains("no space left") || detail.contains("quota exceeded");
  }

  private static Reason reason(RocksDBException cause) {
    Status status = cause.getStatus();
    if (status == null) {
      return Reason.IO;
    }
    return switch (status.getCode()) {
      case Corruption -> Reason.CORRUPTED;
      case InvalidArgument, NotSupported -> Reason.FORMAT;
      default -> Reason.IO;
    };
  }
}
