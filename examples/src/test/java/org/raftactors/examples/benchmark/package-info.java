/** Tests of the benchmark's parts. */
@NullMarked
package org.raftactors.examples.benchmark;

import org.jspecify.annotations.NullMarked;
