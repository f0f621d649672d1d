@NullMarked
package org.raftactors.examples.chaos;

import org.jspecify.annotations.NullMarked;
