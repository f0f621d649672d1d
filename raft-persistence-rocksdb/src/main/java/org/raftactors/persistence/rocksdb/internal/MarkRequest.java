package org.raftactors.persistence.rocksdb.internal;

/** Asks for a high-water mark that covers everything queued before; answered when it is synced. */
final class MarkRequest extends StoreTask<Void> {

  @Override
  boolean limited() {
    return false;
  }

  @Override
  void stage(WriterSession session) {
    session.requestMark();
  }
}
