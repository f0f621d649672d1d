/** The journal plugin. */
@NullMarked
package org.raftactors.persistence.rocksdb.journal;

import org.jspecify.annotations.NullMarked;
