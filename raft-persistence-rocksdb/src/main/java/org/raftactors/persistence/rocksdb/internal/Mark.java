package org.raftactors.persistence.rocksdb.internal;

import java.util.UUID;

/**
 * One high-water mark.
 *
 * @param count how many marks the store has had, with this one
 * @param clean whether it was written by a stop after which nothing was in flight
 * @param storeId whose mark it is
 * @param position what was synced when it was written
 */
record Mark(long count, boolean clean, UUID storeId, StorePosition position) {}
