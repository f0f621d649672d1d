package org.raftactors;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.raftactors.codec.CborMessage;

/** The answer to {@link TakeSnapshot}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = SnapshotResult.Taken.class, name = "taken"),
  @JsonSubTypes.Type(value = SnapshotResult.NothingNew.class, name = "nothing-new"),
  @JsonSubTypes.Type(value = SnapshotResult.NotTaken.class, name = "not-taken")
})
public sealed interface SnapshotResult extends CborMessage {

  /**
   * A snapshot in the replica's store.
   *
   * @param name in the store
   * @param index of the last entry that it includes
   * @param term of that entry
   * @param sizeBytes of all of it
   * @param hash of everything in it, as hexadecimal digits: what identifies it for good
   */
  record Stored(String name, long index, long term, long sizeBytes, String hash) {}

  /**
   * One was taken.
   *
   * @param snapshot which
   */
  record Taken(Stored snapshot) implements SnapshotResult {}

  /**
   * Nothing was applied since the newest one, which was read again and is intact.
   *
   * @param snapshot which
   */
  record NothingNew(Stored snapshot) implements SnapshotResult {}

  /**
   * There is none, and nothing is lost by that.
   *
   * @param reason what to make of it
   * @param detail in words
   */
  record NotTaken(Reason reason, String detail) implements SnapshotResult {}

  /** Why there is no snapshot. */
  enum Reason {
    /** The state machine has none, and never will. */
    UNSUPPORTED,
    /** Nothing is applied yet. */
    NOTHING_APPLIED,
    /** The replica reads its log, or takes another state over: ask again. */
    RESTORING,
    /** No leader confirms what must be in it: ask again. */
    NO_LEADER,
    /** Too many ask: again later. */
    OVERLOADED,
    /** The replica has stopped, or crashed meanwhile: one may have been taken or not. */
    UNAVAILABLE,
    /** The state machine or the store has failed; the replica goes on trying if one is due. */
    FAILED
  }
}
