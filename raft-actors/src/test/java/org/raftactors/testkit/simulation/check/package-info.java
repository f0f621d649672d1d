/** Each property can be violated: what the checks say then. */
@NullMarked
package org.raftactors.testkit.simulation.check;

import org.jspecify.annotations.NullMarked;
