/**
 * The mutation check of the safety net: deliberate bugs of the protocol, planted into the core one
 * at a time, each of which the tests of the core must find.
 */
@NullMarked
package org.raftactors.core.planted;

import org.jspecify.annotations.NullMarked;
