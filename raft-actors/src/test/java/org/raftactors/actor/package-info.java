/** Tests of the partition actor, on a journal that they can hold, fail and look into. */
@NullMarked
package org.raftactors.actor;

import org.jspecify.annotations.NullMarked;
