package org.raftactors.codec;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.NotSerializableException;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.SerializerWithStringManifest;
import org.jspecify.annotations.Nullable;

/**
 * Writes the rare messages as CBOR, by the names of their fields: fields that a later version adds
 * are ignored; those that it leaves out are 0, false or empty options, and anything else makes the
 * message be refused. The manifest is the name of the class, so a class whose messages are stored
 * keeps its name; and only classes that the configuration binds to this serializer are read.
 * Decoding throws {@link DecodeException} and nothing else.
 *
 * <p>Pekko's serializers by Jackson would do the same, but make their mappers, with all modules for
 * Scala, during each start of an actor system, used or not. Here, the first message makes it.
 */
public final class CborSerializer extends SerializerWithStringManifest {

  /** Where {@code reference.conf} documents the identifier. */
  private static final String IDENTIFIER_PATH =
      "pekko.actor.serialization-identifiers.\"org.raftactors.codec.CborSerializer\"";

  private final ExtendedActorSystem system;
  private final int identifier;
  private volatile @Nullable CborMessages messages;

  /**
   * Called by Pekko.
   *
   * @param system whose serialization this is part of
   */
  public CborSerializer(ExtendedActorSystem system) {
    this.system = system;
    this.identifier = system.settings().config().getInt(IDENTIFIER_PATH);
  }

  @Override
  public int identifier() {
    return identifier;
  }

  @Override
  public String manifest(Object message) {
    return message.getClass().getName();
  }

  @Override
  public byte[] toBinary(Object message) {
    try {
      return messages().write(message);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "cannot write " + message.getClass().getName() + " as CBOR: " + e.getOriginalMessage(),
          e);
    }
  }

  @Override
  public Object fromBinary(byte[] bytes, String manifest) {
    Class<?> type = bound(manifest);
    try {
      Object message = messages().read(bytes, type);
      if (message == null) {
        throw new DecodeException("CBOR holds null instead of " + manifest);
      }
      return message;
    } catch (IOException | RuntimeException e) {
      if (e instanceof DecodeException refused) {
        throw refused;
      }
      throw new DecodeException(
          bytes.length + " bytes are not CBOR of " + manifest + ": " + e.getMessage(), e);
    }
  }

  /** The class, if it is one of ours: bytes must not name any other of the class path. */
  private Class<?> bound(String manifest) {
    try {
      Class<?> type = Class.forName(manifest, false, system.dynamicAccess().classLoader());
      if (SerializationExtension.get(system).serializerFor(type).identifier() == identifier) {
        return type;
      }
    } catch (ClassNotFoundException
        | NotSerializableException
        | RuntimeException
        | LinkageError e) {
      throw new DecodeException("unknown manifest '" + manifest + "': " + e.getMessage(), e);
    }
    throw new DecodeException("manifest '" + manifest + "' is not that of a message in CBOR");
  }

  private CborMessages messages() {
    CborMessages known = messages;
    if (known == null) {
      known = new CborMessages(new SystemRefs(system));
      messages = known;
    }
    return known;
  }
}
