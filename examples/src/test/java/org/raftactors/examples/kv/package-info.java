/**
 * Tests of the key-value service; those that start processes of their own are named {@code *IT}.
 */
@NullMarked
package org.raftactors.examples.kv;

import org.jspecify.annotations.NullMarked;
