package org.raftactors.cluster;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.raftactors.persistence.rocksdb.JournalDamage;
import org.raftactors.persistence.rocksdb.RocksDbStore;
import org.raftactors.persistence.rocksdb.ScrubReport;
import org.raftactors.persistence.rocksdb.StorePressure;
import org.raftactors.persistence.rocksdb.StoreVerdict;

/**
 * What is known about the data on a node.
 *
 * @param directory of the store
 * @param verdict whether the store as a whole can be trusted
 * @param pressure how much room its disk has left
 * @param damages what is damaged, by persistence id: cluster, partition and replica; remembered
 *     over restarts
 * @param scrub how far the last scrub of this run is, or what it found; empty if there was none
 */
public record StorageStatus(
    Path directory,
    StoreVerdict verdict,
    StorePressure pressure,
    List<JournalDamage> damages,
    Optional<ScrubReport> scrub) {

  static StorageStatus of(RocksDbStore store) {
    return new StorageStatus(
        store.directory(),
        store.verdict(),
        store.pressure(),
        store.damages().values().stream()
            .sorted(Comparator.comparing(JournalDamage::persistenceId))
            .toList(),
        store.scrubProgress());
  }
}
