package org.raftactors.cluster.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.SerializerWithStringManifest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.raftactors.cluster.bootstrap.Greeting;
import org.raftactors.cluster.bootstrap.NodeRecord;
import org.raftactors.cluster.bootstrap.RecordEvent;
import org.raftactors.cluster.bootstrap.RestoredAt;
import org.raftactors.cluster.formation.Sight;
import org.raftactors.cluster.internal.NodeMessage;
import org.raftactors.codec.DecodeException;
import org.raftactors.testkit.fuzz.DecoderFuzz;

/**
 * What nodes say to each other and write down, damaged: it is refused or read without harm, at a
 * bounded cost. {@code -Dfuzz.seed=N -Dfuzz.cases=N} for other cases and more.
 */
class FuzzedNodeMessagesTest {

  private static final long SEED = Long.getLong("fuzz.seed", 20261121);
  private static final int CASES = Integer.getInteger("fuzz.cases", 3_000);

  private static final NodeRecord RECORD =
      new NodeRecord("cluster-1", 8, Map.of("a", "store-a", "b", "store-b", "c", "store-c"), "");
  private static final Greeting GREETING =
      new Greeting("a", "store-a", List.of("a", "b", "c"), 8, Optional.of(RECORD), true, false, "");
  private static final Greeting NEWCOMER =
      new Greeting("b", "store-b", List.of("a", "b"), 1, Optional.empty(), false, false, "");

  private static ActorTestKit kit;

  @BeforeAll
  static void start() {
    kit = ActorTestKit.create();
  }

  @AfterAll
  static void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void hellos_damaged_areRefusedOrReadWithoutHarm() throws Exception {
    Sight member = new Sight(Sight.Standing.MEMBER, "a@1#7", List.of("a@1#7", "b@2#8"), 12);
    Sight none = new Sight(Sight.Standing.NONE, "b@2#8", List.of(), 0);
    fuzz(
        List.of(
            new NodeCommand.Hello(1, "b", -5, 77, true, GREETING, member),
            new NodeCommand.Hello(1, "a", Long.MAX_VALUE, 0, false, NEWCOMER, none)));
  }

  @Test
  void recordEvents_damaged_areRefusedOrReadWithoutHarm() throws Exception {
    fuzz(List.of(new RecordEvent.Prepared(1, "a", RECORD)));
    fuzz(List.of(new RecordEvent.Activated(1, "cluster-1")));
    RestoredAt at = new RestoredAt(7, 2);
    fuzz(List.of(new RecordEvent.Restored(2, "cluster-1", Map.of(1L, at, 2L, at))));
  }

  /** However the positions were put together: what is compared or reproduced are bytes. */
  @Test
  void positionsOfARestoredRecord_areWrittenInOneOrder() throws Exception {
    SerializerWithStringManifest serializer = serializerOf(RecordEvent.Restored.class);
    List<Long> ids = LongStream.range(-20, 20).boxed().collect(Collectors.toList());
    Set<ByteBuffer> written = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      Collections.shuffle(ids, new Random(i));
      Map<Long, RestoredAt> positions = new LinkedHashMap<>();
      ids.forEach(id -> positions.put(id, new RestoredAt(id, 2)));
      RecordEvent.Restored event = new RecordEvent.Restored(2, "cluster-1", positions);
      written.add(ByteBuffer.wrap(serializer.toBinary(event)));
    }
    assertThat(written).hasSize(1);
  }

  /** It is written beside each event of the record, in every store. */
  @Test
  void namesOfRecordEvents_stay() {
    String name = "org.raftactors.cluster.bootstrap.RecordEvent$";
    assertThat(RecordEvent.Prepared.class.getName()).isEqualTo(name + "Prepared");
    assertThat(RecordEvent.Activated.class.getName()).isEqualTo(name + "Activated");
    assertThat(RecordEvent.Restored.class.getName()).isEqualTo(name + "Restored");
  }

  @Test
  void hellosWithoutWhatTheyAreAbout_areRefused() throws Exception {
    SerializerWithStringManifest serializer = serializerOf(NodeCommand.Hello.class);
    Sight none = new Sight(Sight.Standing.NONE, "b@2#8", List.of(), 0);
    byte[] whole = serializer.toBinary(new NodeCommand.Hello(1, "a", 5, 7, false, NEWCOMER, none));
    CBORMapper mapper = new CBORMapper();
    for (String field : List.of("to", "greeting", "sight")) {
      ObjectNode hello = (ObjectNode) mapper.readTree(whole);
      hello.remove(field);
      byte[] bytes = mapper.writeValueAsBytes(hello);
      assertThatThrownBy(() -> serializer.fromBinary(bytes, NodeCommand.Hello.class.getName()))
          .isInstanceOf(DecodeException.class)
          .hasMessageContaining(field);
    }
  }

  private static SerializerWithStringManifest serializerOf(Class<?> type) throws Exception {
    return (SerializerWithStringManifest)
        SerializationExtension.get(Adapter.toClassic(kit.system())).serializerFor(type);
  }

  /** Nothing but what is documented may come out of decoding. */
  private static Object decoded(
      SerializerWithStringManifest serializer, byte[] bytes, String manifest) throws Exception {
    try {
      return serializer.fromBinary(bytes, manifest);
    } catch (IllegalArgumentException e) {
      throw new AssertionError(e);
    }
  }

  private static void fuzz(List<? extends NodeMessage> samples) throws Exception {
    SerializerWithStringManifest serializer = serializerOf(samples.get(0).getClass());
    String manifest = serializer.manifest(samples.get(0));
    int refused =
        DecoderFuzz.<Object>of(
                serializer::toBinary, bytes -> decoded(serializer, bytes, manifest), samples)
            .refusing(DecodeException.class)
            .refusing(IllegalArgumentException.class)
            .readingMoreThanItWrites()
            .run(SEED, CASES);
    assertThat(refused).isPositive();
  }
}
