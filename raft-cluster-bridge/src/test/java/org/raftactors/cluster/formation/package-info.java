@NullMarked
package org.raftactors.cluster.formation;

import org.jspecify.annotations.NullMarked;
