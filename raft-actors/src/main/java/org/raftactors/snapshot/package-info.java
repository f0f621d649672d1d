/**
 * Snapshots of state machines: their files, taking, sending, receiving and loading them. Nothing in
 * here ever holds a whole snapshot in memory, and nothing decides what the log may forget: that is
 * the core's matter.
 */
@NullMarked
package org.raftactors.snapshot;

import org.jspecify.annotations.NullMarked;
