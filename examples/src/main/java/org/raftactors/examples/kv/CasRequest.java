package org.raftactors.examples.kv;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Iterator;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * The body of a compare-and-set.
 *
 * @param expect the value that the key must hold, null if it must be absent
 * @param update the value to store
 */
record CasRequest(@Nullable String expect, String update) {

  private static final JsonMapper STRICT =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  /**
   * Reads the JSON form.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  static CasRequest parse(ByteString body) {
    String text = Utf8.decode(body);
    if (text == null) {
      throw new IllegalArgumentException("the body is not UTF-8");
    }
    JsonNode json;
    try {
      json = STRICT.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the body is not JSON: " + e.getOriginalMessage(), e);
    }
    if (!json.isObject()) {
      throw new IllegalArgumentException("the body is not a JSON object");
    }
    for (Iterator<String> names = json.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!name.equals("expect") && !name.equals("update")) {
        throw new IllegalArgumentException("the body has an unknown field '" + name + "'");
      }
    }
    JsonNode expect = json.get("expect");
    JsonNode update = json.get("update");
    if (expect == null || !(expect.isNull() || expect.isTextual())) {
      throw new IllegalArgumentException("field 'expect' must be a string or null");
    }
    if (update == null || !update.isTextual()) {
      throw new IllegalArgumentException("field 'update' must be a string");
    }
    CasRequest request =
        new CasRequest(expect.isNull() ? null : expect.textValue(), update.textValue());
    if (!Utf8.isWellFormed(request.update())
        || (request.expect() != null && !Utf8.isWellFormed(request.expect()))) {
      throw new IllegalArgumentException("half of a surrogate pair has no UTF-8 form");
    }
    return request;
  }
}
