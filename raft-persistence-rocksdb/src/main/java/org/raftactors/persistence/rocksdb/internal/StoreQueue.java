package org.raftactors.persistence.rocksdb.internal;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What waits for the writer thread, bounded in number and bytes. */
final class StoreQueue {

  private final LinkedBlockingQueue<StoreTask<?>> tasks = new LinkedBlockingQueue<>();
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();
  private final int maxCount;
  private final long maxBytes;

  StoreQueue(int maxCount, long maxBytes) {
    this.maxCount = maxCount;
    this.maxBytes = maxBytes;
  }

  /** Takes a task unless it is one too many. */
  boolean offer(StoreTask<?> task) {
    if (count.incrementAndGet() > maxCount) {
      count.decrementAndGet();
      return false;
    }
    if (bytes.addAndGet(task.bytes()) > maxBytes) {
      bytes.addAndGet(-task.bytes());
      count.decrementAndGet();
      return false;
    }
    return tasks.add(task);
  }

  /** Takes a task in any case: for the few that open and close the store. */
  void force(StoreTask<?> task) {
    count.incrementAndGet();
    bytes.addAndGet(task.bytes());
    tasks.add(task);
  }

  StoreTask<?> take() throws InterruptedException {
    return taken(tasks.take());
  }

  @Nullable StoreTask<?> poll() {
    StoreTask<?> task = tasks.poll();
    return task == null ? null : taken(task);
  }

  @Nullable StoreTask<?> poll(long nanos) throws InterruptedException {
    StoreTask<?> task = tasks.poll(nanos, TimeUnit.NANOSECONDS);
    return task == null ? null : taken(task);
  }

  long queuedTasks() {
    return count.get();
  }

  long queuedBytes() {
    return bytes.get();
  }

  private StoreTask<?> taken(StoreTask<?> task) {
    count.decrementAndGet();
    bytes.addAndGet(-task.bytes());
    return task;
  }
}
