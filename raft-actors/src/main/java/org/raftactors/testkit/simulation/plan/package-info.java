/**
 * What is decided before a schedule runs: its parameters, its faults and its clients' operations,
 * all drawn from one seed, as lists from which parts can be taken out.
 */
@NullMarked
package org.raftactors.testkit.simulation.plan;

import org.jspecify.annotations.NullMarked;
