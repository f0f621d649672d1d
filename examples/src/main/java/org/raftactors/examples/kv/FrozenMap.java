package org.raftactors.examples.kv;

import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A sorted map that can be frozen at no cost: another thread then reads what it held at that
 * moment, for as long as it likes, while this one goes on changing it. Keys and values are
 * immutable.
 *
 * <p>While frozen, changes gather in a second map, which is asked first. After the thaw they are
 * moved over, a few with each change, so that nobody ever waits for all of them. One thread owns
 * it; the frozen part and the thaw are the only things that another may touch.
 */
final class FrozenMap<K extends Comparable<K>, V> {

  /** How many changes move over with each further change: more than one, or it would not end. */
  private static final int MOVED_AT_ONCE = 8;

  /** What a key was set to, null if it was removed. */
  private record Change<V>(@Nullable V value) {}

  /** What another thread reads; not changed before it is thawed. */
  final class Frozen implements AutoCloseable {

    private final int size = FrozenMap.this.size;
    private volatile boolean thawed;

    int size() {
      return size;
    }

    Iterable<Map.Entry<K, V>> entries() {
      return base.entrySet();
    }

    @Override
    public void close() {
      thawed = true;
    }
  }

  private final TreeMap<K, V> base = new TreeMap<>();
  private final TreeMap<K, Change<V>> changes = new TreeMap<>();
  private @Nullable Frozen frozen;
  private int size;

  @Nullable V get(K key) {
    Change<V> change = changes.get(key);
    return change != null ? change.value() : base.get(key);
  }

  int size() {
    return size;
  }

  void put(K key, V value) {
    change(key, value);
  }

  /** Returns what the key had. */
  @Nullable V remove(K key) {
    return change(key, null);
  }

  private @Nullable V change(K key, @Nullable V value) {
    V before = get(key);
    size += (value == null ? 0 : 1) - (before == null ? 0 : 1);
    if (isFrozen()) {
      changes.put(key, new Change<>(value));
    } else {
      changes.remove(key);
      changeBase(key, value);
      move(MOVED_AT_ONCE);
    }
    return before;
  }

  private boolean isFrozen() {
    Frozen now = frozen;
    if (now != null && now.thawed) {
      frozen = null;
    }
    return frozen != null;
  }

  private void changeBase(K key, @Nullable V value) {
    if (value == null) {
      base.remove(key);
    } else {
      base.put(key, value);
    }
  }

  private void move(int most) {
    for (int i = 0; i < most && !changes.isEmpty(); i++) {
      Map.Entry<K, Change<V>> first = changes.pollFirstEntry();
      changeBase(first.getKey(), first.getValue().value());
    }
  }

  /** Freezes what it holds now, until that is closed. */
  Frozen freeze() {
    if (isFrozen()) {
      throw new IllegalStateException("it is frozen already");
    }
    move(Integer.MAX_VALUE);
    Frozen now = new Frozen();
    frozen = now;
    return now;
  }

  /** All of it as it is now, by key. */
  void forEach(BiConsumer<K, V> action) {
    Iterator<Map.Entry<K, Change<V>>> changed = changes.entrySet().iterator();
    Map.Entry<K, Change<V>> next = nextOf(changed);
    for (Map.Entry<K, V> entry : base.entrySet()) {
      while (next != null && next.getKey().compareTo(entry.getKey()) < 0) {
        visit(next, action);
        next = nextOf(changed);
      }
      if (next != null && next.getKey().compareTo(entry.getKey()) == 0) {
        visit(next, action);
        next = nextOf(changed);
      } else {
        action.accept(entry.getKey(), entry.getValue());
      }
    }
    while (next != null) {
      visit(next, action);
      next = nextOf(changed);
    }
  }

  private void visit(Map.Entry<K, Change<V>> change, BiConsumer<K, V> action) {
    V value = change.getValue().value();
    if (value != null) {
      action.accept(change.getKey(), value);
    }
  }

  private static <E> @Nullable E nextOf(Iterator<E> iterator) {
    return iterator.hasNext() ? iterator.next() : null;
  }
}
