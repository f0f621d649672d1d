package org.raftactors.persistence.rocksdb.snapshot;

import org.apache.pekko.persistence.CapabilityFlag;
import org.apache.pekko.persistence.japi.snapshot.JavaSnapshotStoreSpec;
import org.raftactors.persistence.rocksdb.TestSystems;

/** Pekko's own test of a snapshot store plugin. */
public class RocksDbSnapshotStoreTckTest extends JavaSnapshotStoreSpec {

  public RocksDbSnapshotStoreTckTest() {
    super(TestSystems.config(TestSystems.temporaryDirectory()));
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
