/** The shortest embedding of a state machine in an application; README.md shows parts of it. */
@NullMarked
package org.raftactors.examples.embedding;

import org.jspecify.annotations.NullMarked;
