/** What the packages of the node share: settings, roster, key hash. Not part of the API. */
@NullMarked
package org.raftactors.cluster.internal;

import org.jspecify.annotations.NullMarked;
