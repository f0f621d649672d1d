@NullMarked
package org.raftactors.snapshot;

import org.jspecify.annotations.NullMarked;
