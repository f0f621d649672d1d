/**
 * The way of committed entries to the state machine, and of the answers to those who proposed them.
 */
@NullMarked
package org.raftactors.core.apply;

import org.jspecify.annotations.NullMarked;
