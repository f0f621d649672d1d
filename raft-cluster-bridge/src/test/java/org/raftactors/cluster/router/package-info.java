@NullMarked
package org.raftactors.cluster.router;

import org.jspecify.annotations.NullMarked;
