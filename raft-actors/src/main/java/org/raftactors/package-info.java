/** Raft partitions as typed persistent actors: the public API. */
@NullMarked
package org.raftactors;

import org.jspecify.annotations.NullMarked;
