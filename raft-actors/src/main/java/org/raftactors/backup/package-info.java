/**
 * Backups: one file with a snapshot of each partition of a cluster. Written as a stream, verified,
 * and taken over by the replicas of a new cluster. Nothing in here holds a snapshot in memory.
 */
@NullMarked
package org.raftactors.backup;

import org.jspecify.annotations.NullMarked;
