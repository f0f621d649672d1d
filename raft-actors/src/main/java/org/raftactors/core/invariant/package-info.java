/** Checks that stay on in production: a violated one stops the replica. */
@NullMarked
package org.raftactors.core.invariant;

import org.jspecify.annotations.NullMarked;
