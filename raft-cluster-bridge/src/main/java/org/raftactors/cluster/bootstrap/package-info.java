/**
 * How a cluster comes into being exactly once, and how its nodes recognize each other. Not part of
 * the API.
 */
@NullMarked
package org.raftactors.cluster.bootstrap;

import org.jspecify.annotations.NullMarked;
