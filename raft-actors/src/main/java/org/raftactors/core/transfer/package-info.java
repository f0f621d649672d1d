/** Leadership transfer (thesis 3.10). */
@NullMarked
package org.raftactors.core.transfer;

import org.jspecify.annotations.NullMarked;
