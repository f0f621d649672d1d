/**
 * A replicated key-value service over HTTP: a state machine with its codecs, the routes, the
 * program of a node and a small client.
 */
@NullMarked
package org.raftactors.examples.kv;

import org.jspecify.annotations.NullMarked;
