package org.raftactors.persistence.rocksdb.internal;

/**
 * Where the history of a store stands: how many batches it has had, and a running hash over them.
 * Two stores with the same number and another hash have other histories. The hash tells histories
 * apart by accident, not against an adversary.
 *
 * @param batch number of the last batch; 0 before the first
 * @param hash over everything written up to it
 */
record StorePosition(long batch, long hash) {

  static final StorePosition START = new StorePosition(0, 0);

  private static final long MULTIPLIER_1 = 0xbf58476d1ce4e5b9L;
  private static final long MULTIPLIER_2 = 0x94d049bb133111ebL;

  /** Takes something that a batch changes into the running hash. */
  static long fold(long hash, long where, long what) {
    return mix(mix(hash + where) + what);
  }

  private static long mix(long value) {
    long mixed = (value ^ (value >>> 30)) * MULTIPLIER_1;
    mixed = (mixed ^ (mixed >>> 27)) * MULTIPLIER_2;
    return mixed ^ (mixed >>> 31);
  }
}
