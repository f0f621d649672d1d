/**
 * What becomes durable and when: the one event that is written, the state that it adds up to, the
 * pipeline of writes, and the outbox that holds promises back until the write they depend on is
 * done.
 */
@NullMarked
package org.raftactors.core.write;

import org.jspecify.annotations.NullMarked;
