/**
 * Scripted and random schedules of whole clusters of the protocol core, with virtual time, network,
 * disks and state machines. Cores are real; nothing else is.
 */
@NullMarked
package org.raftactors.core.script;

import org.jspecify.annotations.NullMarked;
