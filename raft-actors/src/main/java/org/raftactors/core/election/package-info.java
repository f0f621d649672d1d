/** Election rules: time-outs, pre-vote, votes, and how they are counted. */
@NullMarked
package org.raftactors.core.election;

import org.jspecify.annotations.NullMarked;
