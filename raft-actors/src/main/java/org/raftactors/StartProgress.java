package org.raftactors;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorSystem;
import org.raftactors.actor.Starts;

/**
 * How far the replicas of an actor system are that were started together.
 *
 * @param done how many serve, or have ended
 * @param all how many there are
 * @param underWay how many are starting just now
 * @param readEntries entries read from the journal
 * @param readBytes the same in bytes
 * @param appliedEntries entries given to state machines
 * @param appliedBytes the same in bytes
 * @param restoredBytes what was read of snapshots
 * @param took how long it has taken so far
 * @param left about how long it will take, from what the ones that are done took; empty before that
 *     can be said
 */
public record StartProgress(
    int done,
    int all,
    int underWay,
    long readEntries,
    long readBytes,
    long appliedEntries,
    long appliedBytes,
    long restoredBytes,
    Duration took,
    Optional<Duration> left) {

  /**
   * How far the starts in an actor system are that are under way, or were last.
   *
   * @param system the actor system
   * @return at this moment
   */
  public static StartProgress of(ActorSystem<?> system) {
    return Starts.get(system).progress();
  }

  /**
   * Whether nothing is left to wait for.
   *
   * @return true if all are done, or none was started
   */
  public boolean isOver() {
    return done == all;
  }

  /**
   * One line.
   *
   * @return for people
   */
  public String text() {
    String work =
        "%d entries (%s) read, %d (%s) applied, %s of snapshots restored"
            .formatted(
                readEntries,
                mebibytes(readBytes),
                appliedEntries,
                mebibytes(appliedBytes),
                mebibytes(restoredBytes));
    if (isOver()) {
      return "started %d partitions in %s: %s".formatted(all, seconds(took), work);
    }
    return "starting: %d of %d partitions done, %d under way; %s; %s"
        .formatted(
            done,
            all,
            underWay,
            work,
            left.map(time -> "about " + seconds(time) + " left")
                .orElse("how long is not known yet"));
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1e3);
  }

  private static String mebibytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MiB", bytes / (double) (1 << 20));
  }
}
