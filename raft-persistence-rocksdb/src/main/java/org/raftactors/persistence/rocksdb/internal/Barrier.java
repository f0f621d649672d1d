package org.raftactors.persistence.rocksdb.internal;

/** Done when everything queued before it is. */
final class Barrier extends StoreTask<Void> {

  @Override
  void stage(WriterSession session) {
    // Being reached is the answer.
  }
}
