package org.raftactors.core.script;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.raftactors.testkit.simulation.Simulation;
import org.raftactors.testkit.simulation.check.Violation;

/**
 * The tests of the core as plain calls, so that they can be played against a core with a planted
 * bug, in a class loader of its own: scripts, rule tests, and random schedules.
 */
public final class SafetyNet {

  private static final Path SCRIPTS = Path.of("src", "test", "resources", "scripts");
  private static final Path TESTS = Path.of("src", "test", "java");
  private static final List<String> TEST_FOLDERS =
      List.of(
          "org/raftactors/core/rules",
          "org/raftactors/core/log",
          "org/raftactors/core/membership",
          "org/raftactors/core/write");

  private SafetyNet() {}

  /**
   * Plays the scripts.
   *
   * @param most how many to find
   * @return those that do not print what they should
   */
  public static List<String> redScripts(int most) {
    return files(SCRIPTS, ".txt").stream()
        .filter(path -> fails(() -> playScript(path)) != null)
        .limit(most)
        .map(path -> SCRIPTS.relativize(path).toString().replace('\\', '/').replace(".txt", ""))
        .toList();
  }

  private static void playScript(Path path) {
    ScriptFile script = new ScriptFile(path);
    Require.that(script.actual().equals(script.expected()), "%s prints something else", path);
  }

  /**
   * Runs the plain tests of the rules, the log and the quorum.
   *
   * @param most how many to find
   * @return the classes that have a failing one
   */
  public static List<String> redRules(int most) {
    return TEST_FOLDERS.stream()
        .flatMap(folder -> files(TESTS.resolve(folder), "Test.java").stream())
        .filter(path -> fails(() -> runTests(path)) != null)
        .limit(most)
        .map(path -> path.getFileName().toString().replace(".java", ""))
        .toList();
  }

  private static void runTests(Path path) throws Exception {
    String relative = TESTS.relativize(path).toString().replace(".java", "");
    String className = relative.replace(path.getFileSystem().getSeparator(), ".");
    Class<?> test = Class.forName(className, true, SafetyNet.class.getClassLoader());
    Constructor<?> constructor = test.getDeclaredConstructor();
    constructor.setAccessible(true);
    Method[] methods = test.getDeclaredMethods();
    Arrays.sort(methods, (a, b) -> a.getName().compareTo(b.getName()));
    for (Method method : methods) {
      if (method.isAnnotationPresent(Test.class)) {
        method.setAccessible(true);
        method.invoke(constructor.newInstance());
      }
    }
  }

  /**
   * Simulates schedules until one fails.
   *
   * @param count how many at most
   * @return the seed of the failing one and what it violates, or nothing
   */
  public static List<String> redSchedule(int count) {
    for (long seed = 1; seed <= count; seed++) {
      long one = seed;
      String violated = fails(() -> simulate(one));
      if (violated != null) {
        return List.of(Long.toString(seed), violated);
      }
    }
    return List.of();
  }

  private static void simulate(long seed) {
    Violation violation = Simulation.run(seed).violation();
    if (violation != null) {
      throw violation;
    }
  }

  private interface Body {
    void run() throws Exception;
  }

  /** What a failing body says, in one line; null if it does not fail. */
  @SuppressWarnings("IllegalCatch")
  private static @Nullable String fails(Body body) {
    try {
      body.run();
      return null;
    } catch (InvocationTargetException e) {
      return firstLine(e.getTargetException());
    } catch (Exception | AssertionError | StackOverflowError e) {
      return firstLine(e);
    }
  }

  private static String firstLine(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    String kind =
        failure instanceof AssertionError ? "" : failure.getClass().getSimpleName() + ": ";
    return kind + message.lines().findFirst().orElse("");
  }

  private static List<Path> files(Path root, String ending) {
    try (Stream<Path> found = Files.walk(root)) {
      return found.filter(path -> path.toString().endsWith(ending)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + root, e);
    }
  }
}
