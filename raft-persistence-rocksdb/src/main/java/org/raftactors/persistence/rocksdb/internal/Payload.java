package org.raftactors.persistence.rocksdb.internal;

/** A serialized object: which serializer wrote it, its type hint, and the bytes. */
@SuppressWarnings("ArrayRecordComponent") // Never compared; a defensive copy would cost.
record Payload(int serializerId, String manifest, byte[] bytes) {}
