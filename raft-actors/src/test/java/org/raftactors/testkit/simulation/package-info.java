/** The simulator itself: plays, repeats, finds what is planted, makes it small. */
@NullMarked
package org.raftactors.testkit.simulation;

import org.jspecify.annotations.NullMarked;
