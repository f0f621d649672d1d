/** Plays random schedules of the protocol core, as many as one likes. */
@NullMarked
package org.raftactors.examples.simulation;

import org.jspecify.annotations.NullMarked;
