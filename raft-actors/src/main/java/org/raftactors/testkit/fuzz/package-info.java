/**
 * Checks of decoders with damaged bytes, for the library's own formats and for the codecs of
 * applications.
 */
@NullMarked
package org.raftactors.testkit.fuzz;

import org.jspecify.annotations.NullMarked;
