package org.raftactors.core.script;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.message.RaftMessage;

/** Holds every message until somebody decides what becomes of it. */
final class ScriptNetwork {

  /**
   * A message on its way.
   *
   * @param from sender
   * @param to receiver
   * @param message what it says
   */
  record Letter(ReplicaId from, ReplicaId to, RaftMessage message) {
    @Override
    public String toString() {
      return from + "->" + to + " " + MessageText.format(message);
    }
  }

  /**
   * A direction between two replicas.
   *
   * @param from sender
   * @param to receiver
   */
  record Link(ReplicaId from, ReplicaId to) {}

  private final List<Letter> held = new ArrayList<>();

  /** What was delivered or lost: the copies of it that may still come, however late. */
  private final List<Letter> past = new ArrayList<>();

  private final Set<Link> cut = new HashSet<>();

  /** Takes a message; false if its link is cut and it is lost. */
  boolean send(Letter letter) {
    if (cut.contains(new Link(letter.from(), letter.to()))) {
      return false;
    }
    held.add(letter);
    return true;
  }

  void cut(Link link) {
    cut.add(link);
  }

  void heal() {
    cut.clear();
  }

  boolean isCut(Link link) {
    return cut.contains(link);
  }

  List<Letter> held() {
    return held;
  }

  List<Letter> past() {
    return past;
  }

  List<Letter> matching(Predicate<Letter> filter) {
    return held.stream().filter(filter).toList();
  }

  /** Takes out one letter, this very one and not an equal one. */
  void remove(Letter letter) {
    for (int i = 0; i < held.size(); i++) {
      if (isSame(held.get(i), letter)) {
        past.add(held.remove(i));
        return;
      }
    }
    throw new IllegalStateException(letter + " is not held");
  }

  @SuppressWarnings("ReferenceEquality") // a duplicate is equal, but another letter
  private static boolean isSame(Letter a, Letter b) {
    return a == b;
  }

  void duplicate(Letter letter) {
    held.add(new Letter(letter.from(), letter.to(), letter.message()));
  }
}
