package org.raftactors.persistence.rocksdb.internal;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Those who want to know as soon as the data of a persistence id cannot be trusted. Each is told
 * once, on the thread that found it.
 */
final class DamageWatches {

  private record Watch(String persistenceId, Consumer<String> listener, AtomicBoolean told) {
    private void tell(String detail) {
      if (told.compareAndSet(false, true)) {
        listener.accept(detail);
      }
    }
  }

  private final List<Watch> watches = new CopyOnWriteArrayList<>();

  /** Adds one, before it is looked up what is known: so nothing falls in between. */
  Runnable add(String persistenceId, Consumer<String> listener) {
    Watch watch = new Watch(persistenceId, listener, new AtomicBoolean());
    watches.add(watch);
    return () -> {
      watch.told().set(true);
      watches.remove(watch);
    };
  }

  void tell(String persistenceId, String detail) {
    for (Watch watch : watches) {
      if (watch.persistenceId().equals(persistenceId)) {
        watch.tell(detail);
      }
    }
  }

  /** The store as a whole. */
  void tellAll(String detail) {
    watches.forEach(watch -> watch.tell(detail));
  }
}
