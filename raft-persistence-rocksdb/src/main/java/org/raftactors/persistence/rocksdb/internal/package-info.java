/**
 * The store behind the plugins: bytes on disk, the writer thread, reading, opening and closing. Not
 * part of the API.
 */
@NullMarked
package org.raftactors.persistence.rocksdb.internal;

import org.jspecify.annotations.NullMarked;
