package org.raftactors.examples.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A few keys in use at a time, so that clients get in each other's way. A key that has had many
 * operations, or several with unknown outcomes, is replaced by a fresh one: the check of a key
 * takes time that grows fast with both. Thread-safe by its monitor.
 */
final class Keys {

  static final int IN_USE = 4;
  private static final int OPERATIONS_EACH = 250;
  private static final int UNKNOWN_EACH = 8;

  /** A key, and what was last seen there, as a guess for the next compare-and-set. */
  static final class Key {
    final String name;
    private int operations;
    private int unknown;
    private volatile String guess = "";

    Key(String name) {
      this.name = name;
    }

    String guess() {
      return guess;
    }

    void saw(String value) {
      guess = value;
    }
  }

  private final List<Key> inUse = new ArrayList<>();
  private final List<String> all = new ArrayList<>();

  Keys() {
    for (int i = 0; i < IN_USE; i++) {
      inUse.add(fresh());
    }
  }

  private Key fresh() {
    String name = "key-" + (all.size() + 1);
    all.add(name);
    return new Key(name);
  }

  synchronized Key next(Random random) {
    int place = random.nextInt(IN_USE);
    Key key = inUse.get(place);
    key.operations++;
    if (key.operations >= OPERATIONS_EACH) {
      inUse.set(place, fresh());
    }
    return key;
  }

  synchronized void unknown(Key key) {
    key.unknown++;
    int place = inUse.indexOf(key);
    if (key.unknown >= UNKNOWN_EACH && place >= 0) {
      inUse.set(place, fresh());
    }
  }

  /** Every key that was ever used. */
  synchronized List<String> all() {
    return List.copyOf(all);
  }
}
