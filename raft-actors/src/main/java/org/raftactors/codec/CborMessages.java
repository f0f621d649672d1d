package org.raftactors.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** Records of records, collections, durations and references to actors, as CBOR. */
final class CborMessages {

  private final CBORMapper mapper;

  CborMessages(Refs refs) {
    SimpleModule own =
        new SimpleModule()
            .addSerializer(Duration.class, ToStringSerializer.instance)
            .addDeserializer(Duration.class, new DurationReader())
            .addSerializer(ActorRef.class, new RefWriter(refs))
            .addDeserializer(ActorRef.class, new RefReader(refs));
    mapper =
        CBORMapper.builder()
            .addModules(new Jdk8Module(), own)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
            .build();
  }

  byte[] write(Object message) throws JsonProcessingException {
    return mapper.writeValueAsBytes(message);
  }

  @Nullable Object read(byte[] bytes, Class<?> type) throws IOException {
    return mapper.readValue(bytes, type);
  }

  private static String text(JsonParser parser, DeserializationContext context, Class<?> type)
      throws IOException {
    if (!parser.hasToken(JsonToken.VALUE_STRING) || parser.getText().isEmpty()) {
      context.reportInputMismatch(type, "must be a text, and not empty");
    }
    return parser.getText();
  }

  private static final class DurationReader extends JsonDeserializer<Duration> {

    @Override
    public Duration deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      String text = text(parser, context, Duration.class);
      try {
        return Duration.parse(text);
      } catch (DateTimeException e) {
        return (Duration) context.handleWeirdStringValue(Duration.class, text, "no duration");
      }
    }
  }

  @SuppressWarnings("rawtypes") // as Jackson sees the fields
  private static final class RefWriter extends JsonSerializer<ActorRef> {

    private final Refs refs;

    RefWriter(Refs refs) {
      this.refs = refs;
    }

    @Override
    public void serialize(ActorRef ref, JsonGenerator generator, SerializerProvider provider)
        throws IOException {
      generator.writeString(refs.toText(ref));
    }
  }

  @SuppressWarnings("rawtypes") // as Jackson sees the fields
  private static final class RefReader extends JsonDeserializer<ActorRef> {

    private final Refs refs;

    RefReader(Refs refs) {
      this.refs = refs;
    }

    @Override
    public ActorRef deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      return refs.resolve(text(parser, context, ActorRef.class));
    }
  }
}
