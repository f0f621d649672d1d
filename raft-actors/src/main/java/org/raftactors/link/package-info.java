/**
 * Replication links: one TCP connection from actor system to actor system and direction, beside
 * Pekko's remoting, for what replicas say to each other most: appends, their answers, and read
 * indexes. A message crosses two threads instead of six. Whatever has no link goes by remoting;
 * what is lost with a link, replicas send again as they would after any loss.
 */
@NullMarked
package org.raftactors.link;

import org.jspecify.annotations.NullMarked;
