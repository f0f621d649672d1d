/**
 * What must hold across the replicas of a simulated cluster, judged after every step from what is
 * on the disks and from what leaves a replica.
 */
@NullMarked
package org.raftactors.testkit.simulation.check;

import org.jspecify.annotations.NullMarked;
