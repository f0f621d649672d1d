package org.raftactors.snapshot;

import org.raftactors.core.log.LogPosition;

/**
 * A snapshot in a store.
 *
 * @param name in the store
 * @param header what it says about itself
 * @param sizeBytes of the whole file
 * @param hash of everything in it, as hexadecimal digits: what identifies it for good
 */
public record SnapshotInfo(String name, SnapshotHeader header, long sizeBytes, String hash) {

  /** {@return the last position that it includes} */
  public LogPosition position() {
    return header.base().position();
  }
}
