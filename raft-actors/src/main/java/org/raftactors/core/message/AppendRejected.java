package org.raftactors.core.message;

import org.raftactors.core.log.LogPosition;

/**
 * Says that the anchor of an append is not in the sender's log, and where to try next (Raft 5.3,
 * last paragraphs).
 *
 * @param term the follower's term; above the request's term if that was stale
 * @param previousIndex the anchor that was rejected
 * @param hint the best guess of where the logs may agree: an index below the anchor, and the term
 *     that the sender has there
 * @param lastIndex the last index of the sender's log
 */
public record AppendRejected(long term, long previousIndex, LogPosition hint, long lastIndex)
    implements RaftMessage {}
