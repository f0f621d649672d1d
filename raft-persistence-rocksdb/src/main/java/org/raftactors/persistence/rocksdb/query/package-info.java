/** The read journal plugin; its two APIs live in {@code javadsl} and {@code scaladsl}. */
@NullMarked
package org.raftactors.persistence.rocksdb.query;

import org.jspecify.annotations.NullMarked;
