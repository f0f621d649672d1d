/** Tests of the binary formats. */
@NullMarked
package org.raftactors.codec;

import org.jspecify.annotations.NullMarked;
