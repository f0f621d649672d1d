package org.raftactors.persistence.rocksdb.journal;

import org.apache.pekko.persistence.CapabilityFlag;
import org.apache.pekko.persistence.japi.journal.JavaJournalSpec;
import org.raftactors.persistence.rocksdb.TestSystems;

/** Pekko's own test of a journal plugin. */
public class RocksDbJournalTckTest extends JavaJournalSpec {

  public RocksDbJournalTckTest() {
    super(TestSystems.config(TestSystems.temporaryDirectory()));
  }

  @Override
  public CapabilityFlag supportsRejectingNonSerializableObjects() {
    return CapabilityFlag.on();
  }

  @Override
  public CapabilityFlag supportsSerialization() {
    return CapabilityFlag.on();
  }

  @Override
  public CapabilityFlag supportsMetadata() {
    return CapabilityFlag.on();
  }
}
