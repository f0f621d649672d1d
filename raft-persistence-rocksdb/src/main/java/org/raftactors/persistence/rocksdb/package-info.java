/**
 * A Pekko Persistence plugin on RocksDB: the store of a data directory and what an application may
 * ask of it.
 *
 * <p>Here live the public entry points: opening a store, its identity and counters, cleaning up,
 * and sharing memory. The plugins themselves live in the sub packages, the bytes on disk in {@code
 * internal}.
 */
@NullMarked
package org.raftactors.persistence.rocksdb;

import org.jspecify.annotations.NullMarked;
