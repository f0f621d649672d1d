/** Linearizable reads without a log entry: ReadIndex (thesis 6.4). */
@NullMarked
package org.raftactors.core.read;

import org.jspecify.annotations.NullMarked;
