package org.raftactors.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Reads command lines of names with values, and of flags, which have none. What is wrong is thrown
 * as an {@link IllegalArgumentException} that names the argument, the value and the rule.
 */
public final class Arguments {

  /** Takes what was read. */
  @FunctionalInterface
  public interface Taker {

    /**
     * Takes one.
     *
     * @param name of the argument
     * @param value of it; of a flag, its name
     */
    void take(String name, String value);
  }

  private Arguments() {}

  /**
   * Reads a command line.
   *
   * @param program whose it is
   * @param flags the arguments without a value
   * @param arguments the command line
   * @param taker gets one after the other
   */
  public static void read(String program, Set<String> flags, List<String> arguments, Taker taker) {
    for (int i = 0; i < arguments.size(); i++) {
      String name = arguments.get(i);
      if (flags.contains(name)) {
        taker.take(name, name);
      } else if (i + 1 < arguments.size()) {
        taker.take(name, arguments.get(++i));
      } else {
        throw new IllegalArgumentException(
            "'" + name + "' is not an argument of " + program + ", or lacks its value");
      }
    }
  }

  /**
   * For an argument that there is not.
   *
   * @param program whose it would be
   * @param name of the argument
   * @return to be thrown
   */
  public static IllegalArgumentException unknown(String program, String name) {
    return new IllegalArgumentException("'" + name + "' is not an argument of " + program);
  }

  /**
   * Reads a number.
   *
   * @param name of the argument
   * @param value of it
   * @param min the smallest that is allowed
   * @param max the largest
   * @return the number
   */
  public static long number(String name, String value, long min, long max) {
    try {
      long number = Long.parseLong(value);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    String range = min == Long.MIN_VALUE ? "" : " from " + min;
    throw new IllegalArgumentException(
        name
            + " is '"
            + value
            + "', but must be a number"
            + range
            + (max == Long.MAX_VALUE ? "" : " to " + max));
  }

  /**
   * Reads a small number.
   *
   * @param name of the argument
   * @param value of it
   * @param min the smallest that is allowed
   * @param max the largest
   * @return the number
   */
  public static int integer(String name, String value, int min, int max) {
    return (int) number(name, value, min, max);
  }

  /**
   * Reads one of some words.
   *
   * @param name of the argument
   * @param value of it
   * @param words which there are, in lower case on command lines
   * @param <E> their type
   * @return the word
   */
  public static <E extends Enum<E>> E word(String name, String value, Class<E> words) {
    List<String> all = new ArrayList<>();
    for (E each : words.getEnumConstants()) {
      String word = wordOf(each);
      if (word.equals(value)) {
        return each;
      }
      all.add(word);
    }
    String last = all.remove(all.size() - 1);
    throw new IllegalArgumentException(
        name + " is '" + value + "', but must be " + String.join(", ", all) + " or " + last);
  }

  /**
   * How a constant is written on a command line.
   *
   * @param constant any
   * @return its name in lower case
   */
  public static String wordOf(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
