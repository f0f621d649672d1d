/** Simulation. */
@NullMarked
package org.raftactors.testkit.simulation;

import org.jspecify.annotations.NullMarked;
