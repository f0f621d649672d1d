/**
 * What becomes durable and when: the one event that is written, the state that it adds up to, and
 * the pipeline that holds back promises until the write they depend on is done.
 */
@NullMarked
package org.raftactors.core.write;

import org.jspecify.annotations.NullMarked;
