/**
 * Measures how many commands a second three nodes commit, each in a JVM of its own, with every
 * commit synced to disk.
 */
@NullMarked
package org.raftactors.examples.benchmark;

import org.jspecify.annotations.NullMarked;
