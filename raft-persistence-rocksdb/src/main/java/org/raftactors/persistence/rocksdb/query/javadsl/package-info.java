/** The read journal for Java. */
@NullMarked
package org.raftactors.persistence.rocksdb.query.javadsl;

import org.jspecify.annotations.NullMarked;
