package org.raftactors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.fasterxml.jackson.module.paramnames.ParameterNamesModule;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;

/**
 * A codec for records, and for anything else that Jackson can handle, as CBOR. Sealed interfaces
 * need Jackson's {@code @JsonTypeInfo} and {@code @JsonSubTypes}.
 *
 * <p>Fields that the class does not know are refused: a replica of an older release must not apply
 * a part of a command that a newer one applies as a whole. So is text that is not UTF-8: half a
 * surrogate pair can neither be written nor read.
 *
 * @param <T> the values
 */
public final class CborCodec<T> implements Codec<T> {

  private final Class<T> type;
  private final ObjectWriter writer;
  private final ObjectReader reader;

  private CborCodec(Class<T> type) {
    CBORMapper mapper =
        CBORMapper.builder()
            .addModules(new ParameterNamesModule(), new Jdk8Module(), new JavaTimeModule())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    this.type = type;
    this.writer = mapper.writerFor(type);
    this.reader = mapper.readerFor(type);
  }

  /**
   * A codec for one class.
   *
   * @param type the class, or the interface that several classes implement
   * @param <T> the values
   * @return the codec, to be made once and kept
   */
  public static <T> CborCodec<T> of(Class<T> type) {
    return new CborCodec<>(type);
  }

  @Override
  public byte[] encode(T value) {
    try {
      return writer.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "cannot write " + value.getClass().getName() + " as CBOR: " + e.getOriginalMessage(), e);
    }
  }

  @Override
  public T decode(byte[] bytes, int offset, int length) {
    try {
      CborText.check(bytes, offset, length);
      T value = reader.readValue(bytes, offset, length);
      if (value == null) {
        throw new IllegalArgumentException("CBOR holds null instead of " + type.getName());
      }
      return value;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          length + " bytes are not CBOR of " + type.getName() + ": a text in them is not UTF-8", e);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          length + " bytes are not CBOR of " + type.getName() + ": " + e.getMessage(), e);
    }
  }
}
