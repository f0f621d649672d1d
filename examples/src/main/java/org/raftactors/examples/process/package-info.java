/**
 * Nodes of the key-value service as processes of their own, to be started, struck and asked: for
 * the process tests and for {@code chaos}.
 */
@NullMarked
package org.raftactors.examples.process;

import org.jspecify.annotations.NullMarked;
