/**
 * The bytes that leave a replica: what is said between nodes and what is written to the journal.
 * Everything here starts with a version and is checked before it becomes an object; nothing here
 * knows what the protocol does with it.
 */
@NullMarked
package org.raftactors.codec;

import org.jspecify.annotations.NullMarked;
