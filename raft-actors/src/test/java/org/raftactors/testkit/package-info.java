/** Tests of the testkit: it passes what is right, and finds what is planted. */
@NullMarked
package org.raftactors.testkit;

import org.jspecify.annotations.NullMarked;
