/** Tests of the parts of the simulator of the actors. */
@NullMarked
package org.raftactors.testkit.actors;

import org.jspecify.annotations.NullMarked;
