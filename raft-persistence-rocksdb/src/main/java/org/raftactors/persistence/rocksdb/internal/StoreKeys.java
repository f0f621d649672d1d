package org.raftactors.persistence.rocksdb.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The keys on disk. Journal and snapshots: the number of the persistence id, then the sequence
 * number, eight bytes each, big endian. Neither is negative, so RocksDB's unsigned byte order is
 * their numeric order, and everything of one persistence id lies together. Numbers start at 1.
 */
final class StoreKeys {

  /** Length of a journal or snapshot key. */
  static final int LENGTH = 16;

  static final byte[] FORMAT_VERSION = {'F'};
  static final byte[] STORE_ID = {'S'};
  static final byte[] NEXT_ID = {'N'};
  static final byte[] HISTORY = {'H'};

  private static final byte PERSISTENCE_ID = 'P';

  private static final byte DAMAGE = 'D';

  /** Smaller than the key of every note of damage. */
  static final byte[] FIRST_DAMAGE = {DAMAGE};

  /** Larger than the key of every note of damage. */
  static final byte[] AFTER_DAMAGES = {DAMAGE + 1};

  /** Smaller than the key of every persistence id. */
  static final byte[] FIRST_PERSISTENCE_ID = {PERSISTENCE_ID};

  /** Larger than the key of every persistence id. */
  static final byte[] AFTER_PERSISTENCE_IDS = {PERSISTENCE_ID + 1};

  private StoreKeys() {}

  static byte[] of(long id, long sequenceNr) {
    byte[] key = new byte[LENGTH];
    write(key, id, sequenceNr);
    return key;
  }

  static void write(byte[] key, long id, long sequenceNr) {
    ByteBuffer.wrap(key).putLong(id).putLong(sequenceNr);
  }

  /** The smallest key after one; there is one after the last sequence number, too. */
  static byte[] after(long id, long sequenceNr) {
    return sequenceNr == Long.MAX_VALUE ? of(id + 1, 0) : of(id, sequenceNr + 1);
  }

  static long id(byte[] key) {
    return ByteBuffer.wrap(key).getLong(0);
  }

  static long sequenceNr(byte[] key) {
    return ByteBuffer.wrap(key).getLong(Long.BYTES);
  }

  static byte[] persistenceId(String persistenceId) {
    return named(PERSISTENCE_ID, persistenceId);
  }

  static byte[] damage(String persistenceId) {
    return named(DAMAGE, persistenceId);
  }

  private static byte[] named(byte kind, String persistenceId) {
    byte[] utf8 = persistenceId.getBytes(StandardCharsets.UTF_8);
    byte[] key = new byte[utf8.length + 1];
    key[0] = kind;
    System.arraycopy(utf8, 0, key, 1, utf8.length);
    return key;
  }

  static String persistenceId(byte[] key) {
    return new String(key, 1, key.length - 1, StandardCharsets.UTF_8);
  }

  /** The smallest key after a given one. */
  static byte[] successor(byte[] key) {
    return Arrays.copyOf(key, key.length + 1);
  }
}
