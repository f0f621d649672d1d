/** A checker that is wrong hides everything: histories known good and bad, and a second opinion. */
@NullMarked
package org.raftactors.testkit.linearizability;

import org.jspecify.annotations.NullMarked;
