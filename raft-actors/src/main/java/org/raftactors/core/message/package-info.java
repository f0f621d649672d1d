/** What replicas of one partition say to each other: one record per message. */
@NullMarked
package org.raftactors.core.message;

import org.jspecify.annotations.NullMarked;
