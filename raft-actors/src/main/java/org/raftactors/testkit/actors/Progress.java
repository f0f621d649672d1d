package org.raftactors.testkit.actors;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.raftactors.ApplyContext;

/**
 * How far a state machine has got.
 *
 * @param index of the last command that is in its state, or of the state that it took over
 * @param digest of all commands that are in its state, in their order
 */
record Progress(long index, long digest) {

  /** Nothing is applied. */
  static final Progress NONE = new Progress(0, 0);

  private static final long FNV_PRIME = 0x100000001b3L;

  /** One more command. */
  Progress after(ApplyContext context, byte[] command) {
    long value = (digest ^ context.index()) * FNV_PRIME;
    value = (value ^ context.term()) * FNV_PRIME;
    for (byte b : command) {
      value = (value ^ b) * FNV_PRIME;
    }
    return new Progress(context.index(), value);
  }

  /** The state was taken over as that of an index, behind which lies no command of it. */
  Progress asOf(long label) {
    return new Progress(label, digest);
  }

  void writeTo(DataOutputStream out) throws IOException {
    out.writeLong(index);
    out.writeLong(digest);
  }

  static Progress readFrom(DataInputStream in) throws IOException {
    return new Progress(in.readLong(), in.readLong());
  }

  @Override
  public String toString() {
    return "commands up to index " + index + " with digest " + Long.toHexString(digest);
  }
}
