/** The actor that stands for the node and is parent to its partitions. Not part of the API. */
@NullMarked
package org.raftactors.cluster.router;

import org.jspecify.annotations.NullMarked;
