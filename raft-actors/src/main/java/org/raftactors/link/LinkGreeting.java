package org.raftactors.link;

import java.nio.ByteBuffer;
import java.security.MessageDigest;

/** The first bytes on a link: what it is, and the token of the actor system that it leads to. */
final class LinkGreeting {

  static final int BYTES = Integer.BYTES + 1 + 2 * Long.BYTES;

  private static final int MAGIC = 0x5241464c; // "RAFL"
  private static final byte VERSION = 1;

  private LinkGreeting() {}

  static ByteBuffer to(LinkAddress address) {
    return ByteBuffer.allocate(BYTES)
        .putInt(MAGIC)
        .put(VERSION)
        .putLong(address.tokenHigh())
        .putLong(address.tokenLow())
        .flip();
  }

  /** Whether it is what whoever knows this address says; takes as long if only the end differs. */
  static boolean isFor(LinkAddress address, byte[] greeting) {
    return MessageDigest.isEqual(to(address).array(), greeting);
  }
}
