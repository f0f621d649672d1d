package org.raftactors.persistence.rocksdb.journal;

import org.apache.pekko.persistence.CapabilityFlag;
import org.apache.pekko.persistence.japi.journal.JavaJournalPerfSpec;
import org.raftactors.persistence.rocksdb.TestSystems;

/** Pekko's load on a journal plugin; here for the load, with a ceiling that only a hang reaches. */
public class RocksDbJournalPerfTckTest extends JavaJournalPerfSpec {

  public RocksDbJournalPerfTckTest() {
    super(
        TestSystems.config(
            TestSystems.temporaryDirectory(),
            // An actor that stops looks like a hang to this test: its error must be seen.
            "pekko.loglevel = ERROR",
            "pekko.loggers = [\"org.apache.pekko.event.Logging$DefaultLogger\"]"));
  }

  @Override
  public int eventsCount() {
    return 1_000;
  }

  @Override
  public long awaitDurationMillis() {
    return TestSystems.CEILING.toMillis();
  }

  @Override
  public CapabilityFlag supportsRejectingNonSerializableObjects() {
    return CapabilityFlag.on();
  }
}
