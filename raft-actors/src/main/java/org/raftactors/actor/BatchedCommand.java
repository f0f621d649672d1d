package org.raftactors.actor;

import org.raftactors.ProposeBatch;

/**
 * One command of a batch, as who waits for its outcome.
 *
 * @param batch the batch
 * @param place of the command in it, from 0
 */
record BatchedCommand(ProposeBatch batch, int place) {}
