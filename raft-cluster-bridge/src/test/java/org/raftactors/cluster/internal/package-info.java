@NullMarked
package org.raftactors.cluster.internal;

import org.jspecify.annotations.NullMarked;
