package org.raftactors.examples.embedding;

import java.util.Map;
import java.util.TreeMap;
import org.raftactors.ApplyContext;
import org.raftactors.CborCodec;
import org.raftactors.Codecs;
import org.raftactors.StateMachine;

// #state-machine
/** Hands out numbers at several desks: no number twice, and none left out. */
public final class Tickets implements StateMachine<Tickets.Take, Tickets.Last, Long> {

  /** Takes the next number of a desk. */
  public record Take(String desk) {}

  /** Asks for the number that was taken last. */
  public record Last(String desk) {}

  /** How commands, queries and results become bytes. */
  public static final Codecs<Take, Last, Long> CODECS =
      new Codecs<>(CborCodec.of(Take.class), CborCodec.of(Last.class), CborCodec.of(Long.class));

  private final Map<String, Long> taken = new TreeMap<>();

  @Override
  public Long apply(ApplyContext context, Take take) {
    return taken.merge(take.desk(), 1L, Long::sum);
  }

  @Override
  public Long query(Last last) {
    return taken.getOrDefault(last.desk(), 0L);
  }
}
// #state-machine
