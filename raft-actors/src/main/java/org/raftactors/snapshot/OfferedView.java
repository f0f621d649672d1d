package org.raftactors.snapshot;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.raftactors.SnapshotView;

/**
 * A view on its way from the host of the state machine to whoever writes it. Who takes it closes
 * it. If nobody does, because the replica ends while it is in a mailbox, the host withdraws and
 * closes it: a view may hold on to what is scarce. Either happens, once, on whatever threads.
 */
public final class OfferedView {

  private final AtomicReference<@Nullable SnapshotView> view;

  /**
   * Offers a view.
   *
   * @param view to be closed by whoever takes it, or here
   */
  public OfferedView(SnapshotView view) {
    this.view = new AtomicReference<>(view);
  }

  /** {@return the view, now the caller's to close; null if it was withdrawn or taken} */
  public @Nullable SnapshotView take() {
    return view.getAndSet(null);
  }

  /** Closes it, unless it was taken. */
  public void withdraw() {
    SnapshotView left = view.getAndSet(null);
    if (left != null) {
      left.close();
    }
  }
}
