package org.raftactors.snapshot;

import java.lang.reflect.InvocationTargetException;
import org.jspecify.annotations.Nullable;

/** Makes the factory that the configuration names. */
final class StoreFactories {

  private static final String KEY = "raft-actors.partition.snapshot-store";

  private StoreFactories() {}

  static SnapshotStoreFactory create(String className) {
    try {
      Object factory = Class.forName(className).getDeclaredConstructor().newInstance();
      if (factory instanceof SnapshotStoreFactory known) {
        return known;
      }
      throw wrong(className, "must implement " + SnapshotStoreFactory.class.getName(), null);
    } catch (InvocationTargetException e) {
      throw wrong(className, "its constructor must not throw", e.getCause());
    } catch (ReflectiveOperationException | LinkageError e) {
      throw wrong(className, "must be a class with a public constructor without parameters", e);
    }
  }

  private static IllegalArgumentException wrong(
      String className, String rule, @Nullable Throwable cause) {
    return new IllegalArgumentException(KEY + " = \"" + className + "\": " + rule, cause);
  }
}
