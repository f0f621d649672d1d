@NullMarked
package org.raftactors.backup;

import org.jspecify.annotations.NullMarked;
