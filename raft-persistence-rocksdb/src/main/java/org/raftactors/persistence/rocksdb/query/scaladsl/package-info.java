/** The read journal for Scala. */
@NullMarked
package org.raftactors.persistence.rocksdb.query.scaladsl;

import org.jspecify.annotations.NullMarked;
