package org.raftactors.persistence.rocksdb.internal;

import org.apache.pekko.persistence.journal.Tagged;
import org.raftactors.persistence.rocksdb.RocksDbWriteHints;

/** What the events of a write ask for by their tags. */
record WriteHints(boolean marked, boolean reserved) {

  static final WriteHints NONE = new WriteHints(false, false);

  WriteHints with(Object event) {
    return event instanceof Tagged tagged
        ? new WriteHints(
            marked || tagged.tags().contains(RocksDbWriteHints.MARKED),
            reserved || tagged.tags().contains(RocksDbWriteHints.RESERVED))
        : this;
  }
}
