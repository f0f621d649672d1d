@NullMarked
package org.raftactors.cluster.bootstrap;

import org.jspecify.annotations.NullMarked;
