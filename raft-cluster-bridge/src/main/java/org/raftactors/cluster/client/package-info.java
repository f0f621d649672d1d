/** How a client's requests find the leader. Not part of the API. */
@NullMarked
package org.raftactors.cluster.client;

import org.jspecify.annotations.NullMarked;
