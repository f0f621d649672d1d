package org.raftactors.persistence.rocksdb.internal;

import java.util.UUID;

/** Who a store is, and whether it was created by the opening that says so. */
record StoreIdentity(UUID storeId, boolean created) {}
