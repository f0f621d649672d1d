/** The tests that src-docs/testing-your-state-machine.md shows. */
@NullMarked
package org.raftactors.examples.simulation;

import org.jspecify.annotations.NullMarked;
