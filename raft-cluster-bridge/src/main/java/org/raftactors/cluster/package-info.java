/** A node of a Raft Actors cluster. */
@NullMarked
package org.raftactors.cluster;

import org.jspecify.annotations.NullMarked;
