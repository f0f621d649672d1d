/**
 * The replicated log: its entries, the bounded tail of it that is in memory, and the terms of all
 * of it.
 */
@NullMarked
package org.raftactors.core.log;

import org.jspecify.annotations.NullMarked;
