@NullMarked
package org.raftactors.cluster.client;

import org.jspecify.annotations.NullMarked;
