/**
 * A deterministic simulation of the protocol core: whole clusters in one thread and in virtual
 * time, with every fault that the core must survive, from one seed.
 *
 * <p>{@link org.raftactors.testkit.simulation.Simulation} plays one schedule after the other; what
 * it finds, it makes small and explains.
 */
@NullMarked
package org.raftactors.testkit.simulation;

import org.jspecify.annotations.NullMarked;
