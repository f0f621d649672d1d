package org.raftactors.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.raftactors.persistence.rocksdb.RocksDbStoreException;
import org.raftactors.persistence.rocksdb.RocksDbStoreException.Reason;

class StoreDamageTest {

  /**
   * What passes, or leaves the outcome open until the store is read again, must not stop for good.
   */
  @Test
  void only_damage_and_unknown_formats_count() {
    Set<Reason> damage = EnumSet.noneOf(Reason.class);
    for (Reason reason : Reason.values()) {
      if (StoreDamage.isIn(new RocksDbStoreException(reason, Path.of("x"), "at x", null))) {
        damage.add(reason);
      }
    }
    assertThat(damage).containsExactly(Reason.FORMAT, Reason.CORRUPTED);
    assertThat(StoreDamage.isIn(new IllegalStateException("another's"))).isFalse();
  }
}
