/** Tests of the key-value service with nodes in processes of their own. */
@NullMarked
package org.raftactors.examples.process;

import org.jspecify.annotations.NullMarked;
