@NullMarked
package org.raftactors.link;

import org.jspecify.annotations.NullMarked;
