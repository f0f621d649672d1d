package org.raftactors.testkit.simulation.check;

import org.raftactors.core.log.Payload;

/** The command of a write as bytes: who asks, what for, and padding so that sizes differ. */
public final class RegisterCommand {

  private static final int SIZE = 21;

  private RegisterCommand() {}

  /**
   * Encodes a write.
   *
   * @param request a put or a compare-and-set
   * @return the payload
   */
  public static Payload encode(Request request) {
    byte[] bytes = new byte[SIZE + request.padding()];
    put(bytes, 0, request.id(), 4);
    bytes[4] = (byte) ((request.kind() == Request.Kind.CAS ? 128 : 0) + request.key());
    put(bytes, 5, request.value(), 8);
    put(bytes, 13, request.expected(), 8);
    return Payload.of(bytes);
  }

  /**
   * The size of a write's payload.
   *
   * @param request a put or a compare-and-set
   * @return bytes
   */
  public static int size(Request request) {
    return SIZE + request.padding();
  }

  /** {@return the number of the request that a command is of} */
  static int requestId(Payload payload) {
    return (int) get(payload, 0, 4);
  }

  /**
   * Applies a command.
   *
   * @param payload the command
   * @param registers changed by it
   * @return 1 if it took effect, 0 if the expected value was not there
   */
  public static long apply(Payload payload, long[] registers) {
    byte head = payload.bytes()[payload.offset() + 4];
    int key = head & 127;
    if (head < 0 && registers[key] != get(payload, 13, 8)) {
      return 0;
    }
    registers[key] = get(payload, 5, 8);
    return 1;
  }

  private static void put(byte[] bytes, int at, long value, int size) {
    for (int i = 0; i < size; i++) {
      bytes[at + i] = (byte) (value >>> (8 * i));
    }
  }

  private static long get(Payload payload, int at, int size) {
    long value = 0;
    for (int i = size - 1; i >= 0; i--) {
      value = value << 8 | (payload.bytes()[payload.offset() + at + i] & 0xff);
    }
    return value;
  }
}
