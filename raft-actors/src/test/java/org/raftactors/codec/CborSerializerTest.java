package org.raftactors.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.serialization.SerializationExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.raftactors.Describe;
import org.raftactors.LogPage;
import org.raftactors.LoggedCommand;
import org.raftactors.ReadLog;
import org.raftactors.SnapshotResult;
import org.raftactors.TakeSnapshot;

/** Which bytes become messages, and which do not. Damaged ones are the fuzz tests' matter. */
class CborSerializerTest {

  private static ActorTestKit kit;
  private static CborSerializer serializer;

  @BeforeAll
  static void start() throws Exception {
    kit = ActorTestKit.create();
    serializer =
        (CborSerializer)
            SerializationExtension.get(Adapter.toClassic(kit.system()))
                .serializerFor(ReadLog.class);
  }

  @AfterAll
  static void stop() {
    kit.shutdownTestKit();
  }

  private static byte[] cbor(Map<String, ?> fields) throws Exception {
    return new CBORMapper().writeValueAsBytes(fields);
  }

  private static Map<String, Object> readLog(String holdFor, ActorRef<LogPage> replyTo) {
    String ref = ActorRefResolver.get(kit.system()).toSerializationFormat(replyTo);
    return Map.of("reader", "r", "fromIndex", 7, "maxBytes", 8, "holdFor", holdFor, "replyTo", ref);
  }

  @Test
  void fieldsOfALaterVersion_areIgnored() throws Exception {
    TestProbe<LogPage> probe = kit.createTestProbe();
    Map<String, Object> fields = new HashMap<>(readLog("PT3S", probe.getRef()));
    fields.put("later", Map.of("a", 1));
    assertThat(serializer.fromBinary(cbor(fields), ReadLog.class.getName()))
        .isEqualTo(new ReadLog("r", 7, 8, Duration.ofSeconds(3), probe.getRef()));
  }

  @Test
  void whatTheRecordRefuses_isNotDecoded() throws Exception {
    ActorRef<LogPage> ref = kit.<LogPage>createTestProbe().getRef();
    for (String holdFor : new String[] {"PT-1S", "tomorrow", ""}) {
      byte[] bytes = cbor(readLog(holdFor, ref));
      assertThatThrownBy(() -> serializer.fromBinary(bytes, ReadLog.class.getName()))
          .isInstanceOf(DecodeException.class)
          .hasMessageContaining(ReadLog.class.getName());
    }
  }

  @Test
  void referencesThatAreNoText_andMissingFields_areRefused() throws Exception {
    String manifest = Describe.class.getName();
    for (Object replyTo : new Object[] {5, true, "", Map.of("a", 1), List.of("b")}) {
      byte[] bytes = cbor(Map.of("replyTo", replyTo));
      assertThatThrownBy(() -> serializer.fromBinary(bytes, manifest))
          .isInstanceOf(DecodeException.class)
          .hasMessageContaining(manifest);
    }
    assertThatThrownBy(() -> serializer.fromBinary(cbor(Map.of()), manifest))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("replyTo");
  }

  @Test
  void answersOfAllKinds_comeBack() {
    SnapshotResult.Stored stored = new SnapshotResult.Stored("s", 7, 3, 4096, "ab");
    List<Object> messages =
        List.of(
            new SnapshotResult.Taken(stored),
            new SnapshotResult.NothingNew(stored),
            new SnapshotResult.NotTaken(SnapshotResult.Reason.NO_LEADER, "later"),
            TakeSnapshot.upToDate(kit.<SnapshotResult>createTestProbe().getRef()),
            new ReadLog(
                "r", 1, 2, Duration.ofMillis(1500), kit.<LogPage>createTestProbe().getRef()));
    for (Object message : messages) {
      kit.serializationTestKit().verifySerialization(message, true);
    }
    LogPage page =
        new LogPage(
            LogPage.Outcome.READ,
            List.of(new LoggedCommand(9, 2, 77, new byte[] {1, 0, -1})),
            10,
            9);
    LogPage again =
        (LogPage) serializer.fromBinary(serializer.toBinary(page), LogPage.class.getName());
    assertThat(again).usingRecursiveComparison().isEqualTo(page);
  }

  @Test
  void kindsOfAnswers_areNotMistakenForEachOther() {
    byte[] taken =
        serializer.toBinary(
            new SnapshotResult.Taken(new SnapshotResult.Stored("s", 7, 3, 4096, "ab")));
    String other = SnapshotResult.NotTaken.class.getName();
    assertThatThrownBy(() -> serializer.fromBinary(taken, other))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining(other);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "java.util.HashMap",
        "java.lang.String",
        "org.raftactors.codec.RaftSerializer",
        "org.raftactors.Propose",
        "no.such.Class",
        ""
      })
  void classesThatAreNotBoundToIt_areNotRead(String manifest) throws Exception {
    byte[] bytes = cbor(Map.of());
    assertThatThrownBy(() -> serializer.fromBinary(bytes, manifest))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("'" + manifest + "'");
  }

  @Test
  void whatIsNoMessage_isNotDecoded() throws Exception {
    String manifest = ReadLog.class.getName();
    byte[] nothing = new CBORMapper().writeValueAsBytes(null);
    byte[] twice = {(byte) 0xa0, (byte) 0xa0};
    for (byte[] bytes : new byte[][] {{}, {1}, nothing, twice}) {
      assertThatThrownBy(() -> serializer.fromBinary(bytes, manifest))
          .isInstanceOf(DecodeException.class)
          .hasMessageContaining(manifest);
    }
  }
}
