package org.raftactors.codec;

/**
 * Marks messages that are rare enough to go as CBOR, by {@link CborSerializer}; {@code
 * reference.conf} binds it.
 */
public interface CborMessage {}
