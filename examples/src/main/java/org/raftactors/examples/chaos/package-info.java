/**
 * Real chaos: nodes of the key-value service in JVMs of their own, struck by faults under load, and
 * a verdict about everything that the clients were told.
 */
@NullMarked
package org.raftactors.examples.chaos;

import org.jspecify.annotations.NullMarked;
