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
    /** Too many snapshots and clean-ups wait for the writer: nothing was written. */
    QUEUE_FULL,
    /** A single write exceeds {@code max-queued-bytes}: nothing was written, nor ever will be. */
    TOO_LARGE,
    /** The disk is full, or too full for this kind of write: nothing was written. */
    NO_SPACE,
    /** Events were deleted while they were being read: what follows them is not a whole history. */
    DELETED,
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

  /** What it says of the store as a whole; in this process only. */
  private final transient @Nullable StoreVerdict verdict;

  /** What it says of one persistence id; in this process only. */
  private final transient @Nullable JournalDamage damage;

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
    this(reason, directory, message, cause, null, null);
  }

  /**
   * Creates an exception about damage.
   *
   * @param reason why
   * @param directory the data directory, if it is known
   * @param message what happened, where, and what to do
   * @param cause what led to it, or null
   * @param verdict what it says of the store as a whole, or null
   * @param damage what it says of one persistence id, or null
   */
  public RocksDbStoreException(
      Reason reason,
      @Nullable Path directory,
      String message,
      @Nullable Throwable cause,
      @Nullable StoreVerdict verdict,
      @Nullable JournalDamage damage) {
    super(message, cause);
    this.reason = reason;
    this.directory = directory == null ? null : directory.toString();
    this.verdict = verdict;
    this.damage = damage;
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

  /**
   * Tells what the failure says of the store as a whole.
   *
   * @return the verdict, if the failure concerns the whole store
   */
  public Optional<StoreVerdict> verdict() {
    return Optional.ofNullable(verdict);
  }

  /**
   * Tells what the failure says of one persistence id.
   *
   * @return the damage, if the failure is damage in one journal
   */
  public Optional<JournalDamage> damage() {
    return Optional.ofNullable(damage);
  }
}
