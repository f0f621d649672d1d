/** What tests of nodes put in the place of parts of the snapshots that no other package sees. */
package org.raftactors.snapshot;
