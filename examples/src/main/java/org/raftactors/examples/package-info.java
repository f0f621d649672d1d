/** Runnable examples. */
@NullMarked
package org.raftactors.examples;

import org.jspecify.annotations.NullMarked;
