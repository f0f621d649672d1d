package org.raftactors.persistence.rocksdb.journal;

import com.typesafe.config.Config;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.journal.japi.AsyncWriteJournal;
import org.raftactors.persistence.rocksdb.internal.JournalStore;
import scala.concurrent.Future;

/**
 * The journal plugin, {@code raft-actors.persistence.rocksdb.journal}. States: none of its own. An
 * event is durable when its write is answered with success; one writer thread per store gathers the
 * writes of all persistent actors into one batch and one sync. A crash leaves each atomic write
 * whole or not at all, and every answered one.
 *
 * <p><b>One writer per persistence id.</b> Writes, the question for the highest sequence number
 * that begins a recovery, and deletions take effect in the order in which this actor received them.
 * On this order rest three rules:
 *
 * <ol>
 *   <li>A write must continue the highest sequence number, or it fails. So nothing is ever
 *       overwritten and no gap arises.
 *   <li>When a recovery asks for the highest sequence number, the incarnation that wrote last is
 *       replaced: a write of it that arrives later fails, even if its sequence number would fit.
 *       The writer of the last event is known after a restart, too, as it is stored with it.
 *   <li>Between two recoveries only one incarnation may write: the first that does.
 * </ol>
 *
 * <p>What they cannot see is an old incarnation that never wrote before: its first write, if it
 * arrives after the new one's recovery but before the new one's first write, is taken for the new
 * one's. The new one's write then fails, its actor stops, and the next recovery sees what was
 * written: one of the two loses its place, but no acknowledged event is lost. Within one actor
 * system this needs two living actors with one persistence id; a restart cannot cause it, since the
 * old incarnation's messages are in this actor's mailbox before the new one's.
 *
 * <p>A rejected event (it could not be serialized) uses up its sequence number: its place is
 * marked, so that a missing record is always noticed as damage.
 */
public final class RocksDbJournal extends AsyncWriteJournal {

  private final JournalStore store;

  /**
   * Called by Pekko.
   *
   * @param config the plugin's section
   */
  public RocksDbJournal(Config config) {
    this.store = new JournalStore(context().system(), config.getString("store"));
  }

  @Override
  public Future<Iterable<Optional<Exception>>> doAsyncWriteMessages(
      Iterable<AtomicWrite> messages) {
    return store.write(messages);
  }

  @Override
  public Future<Void> doAsyncDeleteMessagesTo(String persistenceId, long toSequenceNr) {
    return store.deleteTo(persistenceId, toSequenceNr);
  }

  @Override
  public Future<Long> doAsyncReadHighestSequenceNr(String persistenceId, long fromSequenceNr) {
    return store.highestSequenceNr(persistenceId);
  }

  @Override
  public Future<Void> doAsyncReplayMessages(
      String persistenceId,
      long fromSequenceNr,
      long toSequenceNr,
      long max,
      Consumer<PersistentRepr> replayCallback) {
    return store.replay(persistenceId, fromSequenceNr, toSequenceNr, max, replayCallback);
  }
}
