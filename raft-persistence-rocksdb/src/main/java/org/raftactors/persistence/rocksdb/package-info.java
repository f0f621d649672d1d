/** A Pekko Persistence plugin on RocksDB. */
@NullMarked
package org.raftactors.persistence.rocksdb;

import org.jspecify.annotations.NullMarked;
