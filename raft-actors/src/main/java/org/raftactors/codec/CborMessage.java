package org.raftactors.codec;

/**
 * Marks messages that are rare enough to go as CBOR by Pekko's Jackson serializer; {@code
 * reference.conf} binds it.
 */
public interface CborMessage {}
