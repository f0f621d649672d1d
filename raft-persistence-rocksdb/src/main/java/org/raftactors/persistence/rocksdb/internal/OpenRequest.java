package org.raftactors.persistence.rocksdb.internal;

/** Waits for the store to be open; while it is not, asks for an attempt at once. */
final class OpenRequest extends StoreTask<Void> {

  @Override
  boolean limited() {
    return false;
  }

  @Override
  void stage(WriterSession session) {
    // Being reached is the answer.
  }
}
