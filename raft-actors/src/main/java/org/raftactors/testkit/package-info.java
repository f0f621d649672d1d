/**
 * For tests of one's own state machine: {@link org.raftactors.testkit.StateMachineSimulation} runs
 * it in replicas that crash, pause and lose messages, on one thread, in virtual time, from one
 * seed.
 */
@NullMarked
package org.raftactors.testkit;

import org.jspecify.annotations.NullMarked;
