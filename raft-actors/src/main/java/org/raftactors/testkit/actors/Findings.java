package org.raftactors.testkit.actors;

import org.jspecify.annotations.Nullable;

/** The first violation of a run. Actors cannot throw to the test: they note it here. */
final class Findings {

  private @Nullable String check;
  private String what = "";

  void violated(String violatedCheck, String observation) {
    if (check == null) {
      check = violatedCheck;
      what = observation;
    }
  }

  boolean isViolated() {
    return check != null;
  }

  /** The name of the violated check, null if there is none. */
  @Nullable String check() {
    return check;
  }

  String what() {
    return what;
  }
}
