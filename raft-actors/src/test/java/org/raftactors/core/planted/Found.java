package org.raftactors.core.planted;

import java.lang.reflect.InvocationTargetException;
import java.util.List;
import org.raftactors.core.script.SafetyNet;

/**
 * What each of the nets found in a core.
 *
 * @param scripts the scripts that print something else
 * @param rules the test classes with a failing test
 * @param schedule the number of the first failing random schedule and what it violates, or nothing
 */
record Found(List<String> scripts, List<String> rules, List<String> schedule) {

  /** Plays everything against a core. */
  static Found in(BuggyCore core, int schedules) {
    return new Found(
        net(core, "redScripts", Integer.MAX_VALUE),
        net(core, "redRules", Integer.MAX_VALUE),
        net(core, "redSchedule", schedules));
  }

  /** What the simulator finds, all by itself. */
  static List<String> bySchedules(BuggyCore core, int schedules) {
    return net(core, "redSchedule", schedules);
  }

  /** Plays until something is found. */
  static Found firstIn(BuggyCore core, int schedules) {
    List<String> scripts = net(core, "redScripts", 1);
    List<String> rules = scripts.isEmpty() ? net(core, "redRules", 1) : List.of();
    boolean nothingYet = scripts.isEmpty() && rules.isEmpty();
    return new Found(scripts, rules, nothingYet ? net(core, "redSchedule", schedules) : List.of());
  }

  boolean isNothing() {
    return scripts.isEmpty() && rules.isEmpty() && schedule.isEmpty();
  }

  @SuppressWarnings("unchecked")
  private static List<String> net(BuggyCore core, String name, int bound) {
    try {
      Class<?> net = Class.forName(SafetyNet.class.getName(), true, core);
      return (List<String>) net.getMethod(name, int.class).invoke(null, bound);
    } catch (ClassNotFoundException | NoSuchMethodException | IllegalAccessException e) {
      throw new IllegalStateException("no net is called " + name, e);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(name + " does not work", e);
    }
  }
}
