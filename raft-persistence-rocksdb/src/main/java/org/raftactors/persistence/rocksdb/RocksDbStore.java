package org.raftactors.persistence.rocksdb;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.Done;

/** An open store: one RocksDB database in one data directory, shared by the plugins of a system. */
public interface RocksDbStore {

  /**
   * The directory of the database.
   *
   * @return an absolute path
   */
  Path directory();

  /**
   * The identity minted when the store was created and durable in it ever since. A directory that
   * was emptied, replaced or not mounted shows another one.
   *
   * @return the store's id
   */
  UUID storeId();

  /**
   * Tells whether this actor system created the store because the directory held none.
   *
   * @return true if the store did not exist before
   */
  boolean newlyCreated();

  /**
   * Brings the high-water mark up to everything that was handed to the store before: from then on,
   * losing any of it (a log cut off, removed, or replaced by an older copy) is noticed when the
   * store opens. Without this call the mark follows after {@code mark-interval}.
   *
   * @return completed when the mark is synced; at once, and without effect, with {@code sync = off}
   */
  CompletionStage<Done> syncMark();

  /**
   * Tells how much room the disk has left, so that a writer holds back before it is refused. No
   * I/O: the writer measures, at least twice a second.
   *
   * @return the step reached; {@code NONE} while there is room
   */
  StorePressure pressure();

  /**
   * Tells what is known about the store as a whole. No I/O.
   *
   * @return the verdict of the last opening, or of what has happened since
   */
  StoreVerdict verdict();

  /**
   * Tells which persistence ids have damaged or missing records, as far as any reader, scrub or
   * earlier run has met them. No I/O.
   *
   * @return the damage by persistence id; empty if none is known
   */
  Map<String, JournalDamage> damages();

  /**
   * Tells whether a persistence id has damaged or missing records, as {@link #damages()}.
   *
   * @param persistenceId whose data
   * @return the damage, if any is known
   */
  Optional<JournalDamage> damage(String persistenceId);

  /**
   * Tells as soon as the data of a persistence id cannot be trusted any more: it is damaged, see
   * {@link #damage}, or the store as a whole is, see {@link #verdict}. At once, if that is known
   * already.
   *
   * @param persistenceId whose data
   * @param listener told once at most, on any thread, what is damaged and where; only hands it over
   * @return ends this
   */
  Runnable watchDamage(String persistenceId, Consumer<String> listener);

  /**
   * Reads everything that is stored, beside its other work and at most {@code
   * scrub-bytes-per-second}, and checks it: the checksum of each record, that none is missing, and
   * that each event follows the one before it. What is damaged is remembered, see {@link
   * #damages()}. The store does this by itself after it was not stopped properly.
   *
   * @return what was found; failed if the store closes meanwhile
   */
  CompletionStage<ScrubReport> scrub();

  /**
   * The same for one persistence id.
   *
   * @param persistenceId whose events and snapshots
   * @return what was found; failed if the store closes meanwhile
   */
  CompletionStage<ScrubReport> scrub(String persistenceId);

  /**
   * How far the scrub is that was started last, by the store or on request.
   *
   * @return its state of this moment, or its result; empty if there was none
   */
  Optional<ScrubReport> scrubProgress();

  /**
   * Tells why operations fail at present. A store that is not open tries to open again by itself;
   * {@link RocksDbStores#open(String)} makes it try at once.
   *
   * @return the cause; empty while the store is open
   */
  Optional<RocksDbStoreException> whyUnavailable();

  /**
   * What the store has done so far.
   *
   * @return figures of this moment
   */
  RocksDbCounters counters();
}
