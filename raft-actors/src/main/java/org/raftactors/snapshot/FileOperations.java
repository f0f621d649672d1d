package org.raftactors.snapshot;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** What a store of files does to a file system, so that tests can crash between any two of it. */
interface FileOperations {

  /** An open file. */
  interface Handle extends Closeable {
    long size() throws IOException;

    int read(long position, ByteBuffer into) throws IOException;

    /** Writes all of the bytes. */
    void write(long position, ByteBuffer bytes) throws IOException;

    void truncate(long size) throws IOException;

    void sync() throws IOException;
  }

  /** Makes a directory and its parents, durably; for the owner alone. */
  void createDirectories(Path directory) throws IOException;

  /** The names of the files in a directory. */
  List<String> list(Path directory) throws IOException;

  /**
   * Opens a file to read and write, and makes it if there is none; for the owner alone. Fails if it
   * is open that way already, in this process or in another.
   */
  Handle openOrCreate(Path file) throws IOException;

  /** Opens a file to read. */
  Handle open(Path file) throws IOException;

  /** Gives a file another name in the same directory, at once, in place of what had that name. */
  void rename(Path from, Path to) throws IOException;

  /** Removes a file if there is one. */
  void delete(Path file) throws IOException;

  /** How many bytes can still be written to the file system that has a directory. */
  long usableBytes(Path directory) throws IOException;

  /** Makes the names in a directory durable. */
  void syncDirectory(Path directory) throws IOException;
}
