/** The snapshot store plugin. */
@NullMarked
package org.raftactors.persistence.rocksdb.snapshot;

import org.jspecify.annotations.NullMarked;
