package org.raftactors.link;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;
import org.raftactors.codec.DecodeException;
import org.raftactors.codec.PeerFrames;
import org.raftactors.codec.PeerMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The receiving side of a link: a thread of its own that reads, decodes, and passes on. It ends
 * with the connection, or when something comes that is no frame; the sender then opens another.
 */
final class InboundLink implements Runnable {

  private static final Logger logger = LoggerFactory.getLogger(InboundLink.class);

  private static final int BUFFER_BYTES = 256 << 10;

  /** Far above what replicas send at once; a length beyond it is none. */
  static final int MAX_FRAME_BYTES = 256 << 20;

  private final SocketChannel channel;
  private final Consumer<PeerMessage> receiver;
  private final Consumer<InboundLink> onEnd;
  private final ByteBuffer in =
      ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final ByteBuffer pong = ByteBuffer.allocateDirect(1);

  /**
   * A link whose greeting was right.
   *
   * @param channel blocking
   * @param receiver gets the messages, on the thread that runs this
   * @param onEnd told at the end
   */
  InboundLink(SocketChannel channel, Consumer<PeerMessage> receiver, Consumer<InboundLink> onEnd) {
    this.channel = channel;
    this.receiver = receiver;
    this.onEnd = onEnd;
  }

  @Override
  public void run() {
    try (SocketChannel toClose = channel) {
      while (toClose.read(in) >= 0) {
        in.flip();
        takeFrames();
        in.compact();
      }
    } catch (DecodeException e) {
      logger.error("a replication link brought what is no message, and is closed", e);
    } catch (ClosedChannelException e) {
      logger.debug("a replication link was closed");
    } catch (IOException e) {
      logger.debug("a replication link broke", e);
    } finally {
      onEnd.accept(this);
    }
  }

  void close() {
    try {
      channel.close();
    } catch (IOException e) {
      logger.debug("a replication link could not be closed", e);
    }
  }

  private void takeFrames() throws IOException {
    while (in.remaining() >= PeerFrames.LENGTH_BYTES) {
      int length = in.getInt(in.position());
      if (length < 0 || length > MAX_FRAME_BYTES) {
        throw new DecodeException("a frame of " + length + " bytes");
      }
      if (in.remaining() - PeerFrames.LENGTH_BYTES < length
          && length <= BUFFER_BYTES - PeerFrames.LENGTH_BYTES) {
        return; // the rest comes with the next read
      }
      in.position(in.position() + PeerFrames.LENGTH_BYTES);
      if (length == 0) {
        answerPing();
      } else {
        receiver.accept(PeerFrames.decode(frame(length)));
      }
    }
  }

  /** Each frame has an array of its own, which the entries in it keep. */
  private byte[] frame(int length) throws IOException {
    byte[] bytes = new byte[length];
    int there = Math.min(length, in.remaining());
    in.get(bytes, 0, there);
    ByteBuffer rest = ByteBuffer.wrap(bytes, there, length - there);
    while (rest.hasRemaining()) {
      if (channel.read(rest) < 0) {
        throw new ClosedChannelException();
      }
    }
    return bytes;
  }

  private void answerPing() throws IOException {
    pong.clear();
    while (pong.hasRemaining()) {
      channel.write(pong);
    }
  }
}
