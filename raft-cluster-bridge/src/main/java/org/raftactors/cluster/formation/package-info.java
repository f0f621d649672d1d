/**
 * How the nodes find together in one Pekko cluster, which is advice and no more. Not part of the
 * API.
 */
@NullMarked
package org.raftactors.cluster.formation;

import org.jspecify.annotations.NullMarked;
