/** Tests of the embedding that README.md shows. */
@NullMarked
package org.raftactors.examples.embedding;

import org.jspecify.annotations.NullMarked;
