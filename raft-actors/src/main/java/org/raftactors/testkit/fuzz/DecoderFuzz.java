package org.raftactors.testkit.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Feeds a decoder with damaged bytes. It must refuse them with its own exceptions or decode them to
 * something that it can encode and decode again; and what it allocates must be bounded by what it
 * was given, whatever the lengths in there claim. Valid bytes must come back exactly.
 *
 * <pre>{@code
 * DecoderFuzz.of(codec::encode, bytes -> codec.decode(bytes, 0, bytes.length), samples)
 *     .refusing(IllegalArgumentException.class)
 *     .run(seed, 10_000);
 * }</pre>
 *
 * <p>The same seed gives the same cases. A failure is an {@link AssertionError} that names the
 * seed, the case and the bytes.
 *
 * @param <T> what is decoded
 */
public final class DecoderFuzz<T> {

  /**
   * Reads bytes.
   *
   * @param <T> what is decoded
   */
  @FunctionalInterface
  public interface Decoder<T> {
    /**
     * Reads all of the bytes.
     *
     * @param bytes whatever they are
     * @return what they say
     * @throws Exception if they say nothing
     */
    T decode(byte[] bytes) throws Exception;
  }

  /** An exception with its stack trace, and the odd class that is loaded. */
  private static final long DEFAULT_ALLOCATION = 256 << 10;

  private static final long ALLOCATION_PER_BYTE = 64;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final Function<T, byte[]> encoder;
  private final Decoder<T> decoder;
  private final List<byte[]> samples;
  private final List<Class<? extends Exception>> refusals = new ArrayList<>();
  private UnaryOperator<byte[]> repair = UnaryOperator.identity();
  private long allocation = DEFAULT_ALLOCATION;
  private boolean readsMoreThanItWrites;

  private DecoderFuzz(Function<T, byte[]> encoder, Decoder<T> decoder, List<byte[]> samples) {
    this.encoder = encoder;
    this.decoder = decoder;
    this.samples = samples;
  }

  /**
   * A check of a decoder.
   *
   * @param encoder the decoder's counterpart
   * @param decoder what is checked
   * @param samples values of all kinds
   * @param <T> what is decoded
   * @return a check that allows no refusal yet
   */
  public static <T> DecoderFuzz<T> of(
      Function<T, byte[]> encoder, Decoder<T> decoder, List<? extends T> samples) {
    return new DecoderFuzz<>(
        encoder, decoder, samples.stream().map(sample -> encoder.apply(sample)).toList());
  }

  /**
   * Names an exception with which the decoder may refuse bytes; several calls name several.
   *
   * @param exception this and its subclasses
   * @return this
   */
  public DecoderFuzz<T> refusing(Class<? extends Exception> exception) {
    refusals.add(exception);
    return this;
  }

  /**
   * Puts right what would give the damage away at once, such as a checksum; done in every other
   * case.
   *
   * @param newRepair changes damaged bytes, in place or not
   * @return this
   */
  public DecoderFuzz<T> repairing(UnaryOperator<byte[]> newRepair) {
    repair = newRepair;
    return this;
  }

  /**
   * Allows that the encoder refuses, with one of the named exceptions, what was decoded from
   * damaged bytes. CBOR needs it: Jackson reads UTF-8 with halves of surrogate pairs, and does not
   * write it.
   *
   * @return this
   */
  public DecoderFuzz<T> readingMoreThanItWrites() {
    readsMoreThanItWrites = true;
    return this;
  }

  /**
   * What decoding may allocate besides 64 bytes for each byte of the input.
   *
   * @param bytes the constant part, 256 KiB unless set
   * @return this
   */
  public DecoderFuzz<T> allocating(long bytes) {
    allocation = bytes;
    return this;
  }

  /**
   * Runs the check.
   *
   * @param seed of the damage
   * @param cases how many
   * @return how many of the damaged bytes were refused
   */
  public int run(long seed, int cases) {
    for (byte[] sample : samples) {
      byte[] again = encoder.apply(decoded(sample, "a sample"));
      require(Arrays.equals(sample, again), "a sample", "does not come back exactly", sample, null);
    }
    ByteMutator mutator = new ByteMutator(seed, samples);
    int refused = 0;
    for (int i = 0; i < cases; i++) {
      byte[] damaged = mutator.next();
      byte[] bytes = i % 2 == 0 ? damaged : repair.apply(damaged);
      refused += isRefused(bytes, "case " + i + " of seed " + seed) ? 1 : 0;
    }
    return refused;
  }

  private boolean isRefused(byte[] bytes, String which) {
    checkAllocation(bytes, which);
    T value;
    try {
      value = decoder.decode(bytes.clone());
    } catch (Exception | LinkageError | StackOverflowError | OutOfMemoryError e) {
      checkRefusal(e, bytes, which);
      return true;
    }
    byte[] canonical;
    try {
      canonical = encoder.apply(value);
    } catch (Exception e) { // checked ones too: Scala lets them through
      require(readsMoreThanItWrites, which, "decodes to what cannot be encoded", bytes, e);
      checkRefusal(e, bytes, which);
      return true;
    }
    byte[] again = encoder.apply(decoded(canonical, which));
    require(
        Arrays.equals(canonical, again), which, "decodes to what does not come back", bytes, null);
    return false;
  }

  private T decoded(byte[] bytes, String which) {
    try {
      return decoder.decode(bytes.clone());
    } catch (Exception e) {
      throw failure(which, "cannot be decoded", bytes, e);
    }
  }

  /** Twice if need be: the first time the virtual machine may have had work of its own. */
  private void checkAllocation(byte[] bytes, String which) {
    long bound = allocation + ALLOCATION_PER_BYTE * bytes.length;
    long allocated = Math.min(allocated(bytes), bound + 1);
    if (allocated > bound) {
      allocated = allocated(bytes);
    }
    String what = "allocates " + allocated + " instead of at most " + bound + " bytes";
    require(allocated <= bound, which, what, bytes, null);
  }

  private long allocated(byte[] bytes) {
    byte[] copy = bytes.clone();
    long before = THREADS.getCurrentThreadAllocatedBytes();
    attempt(copy);
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }

  /** Whether decoding fails, and how, is looked at afterwards. */
  @SuppressWarnings("ReturnValueIgnored")
  private void attempt(byte[] bytes) {
    try {
      decoder.decode(bytes);
    } catch (Exception | LinkageError | StackOverflowError | OutOfMemoryError e) {
      e.getMessage();
    }
  }

  private void checkRefusal(Throwable refusal, byte[] bytes, String which) {
    boolean allowed = refusals.stream().anyMatch(kind -> kind.isInstance(refusal));
    require(allowed, which, "is refused with " + refusal, bytes, refusal);
    String message = refusal.getMessage();
    require(
        message != null && !message.isBlank(), which, "is refused without a word", bytes, refusal);
  }

  private static void require(
      boolean condition, String which, String what, byte[] bytes, @Nullable Throwable cause) {
    if (!condition) {
      throw failure(which, what, bytes, cause);
    }
  }

  private static AssertionError failure(
      String which, String what, byte[] bytes, @Nullable Throwable cause) {
    String hex = HexFormat.of().formatHex(bytes);
    return new AssertionError(which + " " + what + ": " + hex, cause);
  }
}
