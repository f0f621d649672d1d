package org.raftactors.snapshot;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Where one replica keeps its snapshots: named sequences of bytes. What is in them, and whether it
 * is intact, is not a store's matter. All methods may block and are never called on the thread of a
 * partition; different contents and drafts are used by different threads at once.
 *
 * <p>A snapshot comes into being as a draft and is published once it is whole. Nothing that was
 * published ever changes. A crash at any moment leaves each name with all of its bytes or without
 * any.
 */
public interface SnapshotStore extends Closeable {

  /** Bytes that can be read. */
  interface Content extends Closeable {

    /**
     * How many bytes there are.
     *
     * @return the size
     * @throws IOException if the store fails
     */
    long size() throws IOException;

    /**
     * Reads some bytes.
     *
     * @param position of the first one
     * @param into gets at least one byte if there is any at that position, and room for it
     * @return the number of bytes, -1 at or behind the end
     * @throws IOException if the store fails
     */
    int read(long position, ByteBuffer into) throws IOException;
  }

  /** A snapshot that is being written, by one thread at a time. Closed, it stays for later. */
  interface Draft extends Content {

    /**
     * Says how large it will be, once that is known and before the first bytes come. A store that
     * can tell that it has no room for that says so now, and not when it is full.
     *
     * @param finalSize bytes, with those that it has already
     * @throws IOException if there is no room
     */
    default void expect(long finalSize) throws IOException {}

    /**
     * Adds bytes at the end.
     *
     * @param bytes all of them, up to the limit
     * @throws IOException if the store fails or is full
     */
    void append(ByteBuffer bytes) throws IOException;

    /**
     * Cuts off what is behind.
     *
     * @param size of what is kept
     * @throws IOException if the store fails
     */
    void truncate(long size) throws IOException;

    /**
     * Makes durable what was added so far.
     *
     * @throws IOException if the store fails
     */
    void sync() throws IOException;

    /**
     * Makes it a snapshot, durably: when this returns, no crash and no loss of power loses a byte
     * or the name. Closes the draft. Takes the place of a snapshot of that name.
     *
     * @param name see {@link SnapshotStore#names}
     * @throws IOException if the store fails; then the snapshot may or may not be there
     */
    void publish(String name) throws IOException;

    /**
     * Removes the draft and closes it.
     *
     * @throws IOException if the store fails
     */
    void discard() throws IOException;
  }

  /**
   * The names of all snapshots, in any order. Names consist of lower-case letters, digits, dots and
   * hyphens, begin with a digit and have at most 100 characters.
   *
   * @return published names
   * @throws IOException if the store fails
   */
  List<String> names() throws IOException;

  /**
   * Opens a snapshot. It can be read until it is closed, also if it is deleted meanwhile.
   *
   * @param name of a snapshot
   * @return its bytes
   * @throws java.nio.file.NoSuchFileException if there is none of that name
   * @throws IOException if the store fails
   */
  Content open(String name) throws IOException;

  /**
   * Removes a snapshot.
   *
   * @param name of one, or of none
   * @throws IOException if the store fails
   */
  void delete(String name) throws IOException;

  /**
   * The names of all drafts that were neither published nor discarded.
   *
   * @return names as of snapshots, in a space of their own
   * @throws IOException if the store fails
   */
  List<String> drafts() throws IOException;

  /**
   * Opens a draft, an empty one if there is none of that name.
   *
   * @param name as of a snapshot
   * @return the draft
   * @throws IOException if the store fails
   */
  Draft draft(String name) throws IOException;

  /**
   * Removes a draft without opening it.
   *
   * @param name of a draft, or of none
   * @throws IOException if the store fails
   */
  void deleteDraft(String name) throws IOException;

  /** Called once, when no snapshot will be touched any more. */
  @Override
  default void close() throws IOException {}
}
