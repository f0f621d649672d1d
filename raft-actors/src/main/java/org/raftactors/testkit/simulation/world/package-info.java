/**
 * The simulated cluster: replicas of the production core with disks, clocks, a network and clients,
 * in one thread and in virtual time.
 */
@NullMarked
package org.raftactors.testkit.simulation.world;

import org.jspecify.annotations.NullMarked;
