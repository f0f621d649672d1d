package org.raftactors.persistence.rocksdb.internal;

/** The last task of a writer: closes the store behind everything queued before. */
final class StopRequest extends StoreTask<Void> {

  @Override
  boolean limited() {
    return false;
  }

  @Override
  void stage(WriterSession session) {
    // The writer sees it by its type.
  }
}
