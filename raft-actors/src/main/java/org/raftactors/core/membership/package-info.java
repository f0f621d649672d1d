/** Who belongs to a partition and what is a majority of them. */
@NullMarked
package org.raftactors.core.membership;

import org.jspecify.annotations.NullMarked;
