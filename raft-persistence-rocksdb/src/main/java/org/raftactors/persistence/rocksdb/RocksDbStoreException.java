package org.raftactors.persistence.rocksdb;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Something the store could not do. The message names the directory or the setting, the cause, and
 * what to do; the reason lets a program decide.
 */
public final class RocksDbStoreException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Why the store refused or failed. */
  public enum Reason {
    /** A setting is missing or out of its range. */
    CONFIGURATION,
    /** The path is not a directory, or it cannot be created, read or written. */
    DIRECTORY,
    /** Another process, or another actor system of this one, holds the directory. */
    LOCKED,
    /** Data of another format version, or of another program. */
    FORMAT,
    /** Files or records are damaged. */
    CORRUPTED,
    /** The file system or RocksDB reported an error while opening or reading. */
    IO,
    /**
     * A write or its sync failed: whether it is in the store is unknown until it was read again.
     */
    WRITE_FAILED,
    /** The store is closed for now and tries to open again: nothing was written. */
    UNAVAILABLE,
    /** The bounded queue in front of the writer is full: nothing was written. */
    QUEUE_FULL,
    /** A write does not continue the highest sequence number: nothing was written. */
    OUT_OF_ORDER,
    /** A write comes from an incarnation that a later one has replaced: nothing was written. */
    FENCED,
    /** The actor system has terminated, or is about to: nothing was written. */
    CLOSED
  }

  /** Why. */
  private final Reason reason;

  /** Where, as text: a path cannot be serialized. */
  private final @Nullable String directory;

  /**
   * Creates an exception.
   *
   * @param reason why
   * @param directory the data directory, if it is known
   * @param message what happened, where, and what to do
   * @param cause what led to it, or null
   */
  public RocksDbStoreException(
      Reason reason, @Nullable Path directory, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
    this.directory = directory == null ? null : directory.toString();
  }

  /**
   * Tells why the store refused or failed.
   *
   * @return the reason
   */
  public Reason reason() {
    return reason;
  }

  /**
   * Tells which data directory is concerned.
   *
   * @return the directory; empty when a setting was wrong before there was one
   */
  public Optional<Path> directory() {
    return Optional.ofNullable(directory).map(Path::of);
  }
}
