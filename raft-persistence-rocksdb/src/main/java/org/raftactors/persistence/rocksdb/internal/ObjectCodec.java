package org.raftactors.persistence.rocksdb.internal;

import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.Serializer;
import org.apache.pekko.serialization.Serializers;
import org.jspecify.annotations.Nullable;
import scala.Option;

/** Between objects and their serialized form, by the serializers of the actor system. */
final class ObjectCodec {

  private final Serialization serialization;

  ObjectCodec(ClassicActorSystemProvider system) {
    this.serialization = SerializationExtension.get(system);
  }

  Payload serialize(Object object) {
    Serializer serializer = serialization.findSerializerFor(object);
    return new Payload(
        serializer.identifier(),
        Serializers.manifestFor(serializer, object),
        serialization.serialize(object).get());
  }

  @Nullable Payload serialize(Option<Object> object) {
    return object.isEmpty() ? null : serialize(object.get());
  }

  Object deserialize(Payload payload) {
    return serialization
        .deserialize(payload.bytes(), payload.serializerId(), payload.manifest())
        .get();
  }
}
