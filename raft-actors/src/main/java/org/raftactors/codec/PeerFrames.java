package org.raftactors.codec;

import java.nio.ByteBuffer;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The frequent {@link PeerMessage}s as frames of a replication link: the length, four bytes, little
 * endian, and the message as it is sent over Pekko's remoting. They name no actors.
 */
public final class PeerFrames {

  /** How many bytes say how long the rest is. */
  public static final int LENGTH_BYTES = Integer.BYTES;

  private static final Refs NO_REFS =
      new Refs() {
        @Override
        public String toText(ActorRef<?> ref) {
          throw new IllegalArgumentException("a frame cannot name " + ref);
        }

        @Override
        public <T> ActorRef<T> resolve(String text) {
          throw new DecodeException("a frame that names an actor: " + text);
        }
      };

  private PeerFrames() {}

  /**
   * Encodes a message.
   *
   * @param message without references
   * @return the frame, ready to be read
   */
  public static ByteBuffer encode(PeerMessage message) {
    Output out = Output.framed(PeerMessageFormat.sizeHint(message));
    PeerMessageFormat.write(message, out, NO_REFS);
    return out.toFrame();
  }

  /**
   * Decodes a message.
   *
   * @param bytes of a frame, without its length; belong to the message from now on
   * @return the message
   * @throws DecodeException if it is damaged, or of another version
   */
  public static PeerMessage decode(byte[] bytes) {
    return PeerMessageFormat.read(bytes, NO_REFS);
  }
}
