/**
 * A replica as an actor: it drives the protocol core, writes what the core wants written, carries
 * its messages and answers its clients. No rule of the protocol is decided here.
 */
@NullMarked
package org.raftactors.actor;

import org.jspecify.annotations.NullMarked;
