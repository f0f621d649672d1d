/**
 * The inside of the simulator of the actors: one actor system whose dispatchers, timers, journal
 * and network belong to one thread and one seed.
 */
@NullMarked
package org.raftactors.testkit.actors;

import org.jspecify.annotations.NullMarked;
