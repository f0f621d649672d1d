/** One test class for each rule of the protocol, named after it. */
@NullMarked
package org.raftactors.core.rules;

import org.jspecify.annotations.NullMarked;
