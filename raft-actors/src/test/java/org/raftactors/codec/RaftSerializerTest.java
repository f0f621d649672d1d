package org.raftactors.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.raftactors.Connect;
import org.raftactors.Describe;
import org.raftactors.PartitionId;
import org.raftactors.PartitionStatus;
import org.raftactors.RaftPartition;
import org.raftactors.TransferLeadership;
import org.raftactors.core.Role;
import org.raftactors.core.TransferOutcome;
import org.raftactors.core.log.Payload;
import org.raftactors.core.message.AppendRequest;
import org.raftactors.core.write.DurableState;
import org.raftactors.core.write.Written;

/** What the formats write comes back, through Pekko's serialization, by either of its ways. */
class RaftSerializerTest {

  private static ActorTestKit kit;
  private static Serialization serialization;

  @BeforeAll
  static void start() {
    kit = ActorTestKit.create();
    serialization = SerializationExtension.get(Adapter.toClassic(kit.system()));
  }

  @AfterAll
  static void stop() {
    kit.shutdownTestKit();
  }

  private static List<Object> everything() {
    ActorRef<RaftPartition.Command> direct = kit.<RaftPartition.Command>createTestProbe().getRef();
    ActorRef<Object> replyTo = kit.createTestProbe().getRef();
    List<Object> all = new ArrayList<>();
    all.addAll(Samples.peerMessages(direct));
    all.addAll(Samples.snapshotMessages(direct));
    all.addAll(Samples.journal());
    all.addAll(Samples.requests(replyTo));
    all.addAll(Samples.refusals());
    all.addAll(Samples.results());
    return all;
  }

  private static RaftSerializer serializerOf(Object message) {
    assertThat(serialization.findSerializerFor(message)).isInstanceOf(RaftSerializer.class);
    return (RaftSerializer) serialization.findSerializerFor(message);
  }

  private static void assertSame(Object actual, Object expected) {
    assertThat(actual)
        .usingRecursiveComparison()
        .withEqualsForType(RaftSerializerTest::samePayload, Payload.class)
        .withEqualsForType(Object::equals, ActorRef.class)
        .isEqualTo(expected);
  }

  private static boolean samePayload(Payload a, Payload b) {
    return a.crc32c() == b.crc32c()
        && ByteBuffer.wrap(a.bytes(), a.offset(), a.length())
            .equals(ByteBuffer.wrap(b.bytes(), b.offset(), b.length()));
  }

  @Test
  @DisplayName("S-20: every message and every value of an enum comes back")
  void everyMessage_asArray_comesBack() {
    for (Object message : everything()) {
      RaftSerializer serializer = serializerOf(message);
      byte[] bytes = serializer.toBinary(message);
      assertSame(serializer.fromBinary(bytes, serializer.manifest(message)), message);
    }
  }

  @Test
  void everyMessage_inTheTransportsBuffer_comesBackAndLeavesItsByteOrderAlone() {
    for (Object message : everything()) {
      for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
        RaftSerializer serializer = serializerOf(message);
        ByteBuffer buffer = ByteBuffer.allocateDirect(4096).order(order);
        buffer.putLong(0x0102030405060708L); // stands for the transport's own header
        serializer.toBinary(message, buffer);
        assertThat(buffer.order()).isEqualTo(order);
        int end = buffer.position();
        buffer.flip();
        assertThat(buffer.getLong()).isEqualTo(0x0102030405060708L);
        Object back = serializer.fromBinary(buffer, serializer.manifest(message));
        assertThat(buffer.position()).isEqualTo(end);
        assertThat(buffer.order()).isEqualTo(order);
        assertSame(back, message);
        byte[] array = serializer.toBinary(message);
        byte[] written = new byte[array.length];
        buffer.get(8, written);
        assertThat(written).isEqualTo(array);
      }
    }
  }

  @Test
  void payloads_ofOneMessage_areSlicesOfOneArray() {
    for (Object message :
        List.of(
            Samples.peerMessages(kit.createTestProbe(RaftPartition.Command.class).getRef()).get(0),
            Samples.journal().get(0))) {
      RaftSerializer serializer = serializerOf(message);
      byte[] bytes = serializer.toBinary(message);
      Object back = serializer.fromBinary(bytes, serializer.manifest(message));
      var entries =
          back instanceof Written written
              ? written.entries()
              : ((AppendRequest) ((PeerMessage) back).message()).entries();
      assertThat(entries).isNotEmpty();
      assertThat(entries).allMatch(entry -> entry.payload().bytes() == bytes);
    }
  }

  @Test
  void sizeHints_ofWhatCarriesEntries_areExact() {
    PeerMessage append =
        (PeerMessage)
            Samples.peerMessages(kit.createTestProbe(RaftPartition.Command.class).getRef()).get(0);
    assertThat(serializerOf(append).toBinary(append)).hasSize(PeerMessageFormat.sizeHint(append));
    Written event = (Written) Samples.journal().get(0);
    assertThat(serializerOf(event).toBinary(event)).hasSize(JournalFormat.sizeHint(event));
  }

  @Test
  void rareMessages_goAsCbor() {
    ActorRef<PartitionStatus> statusTo = kit.<PartitionStatus>createTestProbe().getRef();
    ActorRef<TransferOutcome> outcomeTo = kit.<TransferOutcome>createTestProbe().getRef();
    ActorRef<RaftPartition.Command> peer = kit.<RaftPartition.Command>createTestProbe().getRef();
    PartitionStatus status =
        new PartitionStatus(
            new PartitionId(3),
            Samples.ONE,
            PartitionStatus.State.RUNNING,
            "",
            Role.LEADER,
            4,
            Optional.of(Samples.ONE),
            true,
            10,
            9,
            11,
            12,
            new PartitionStatus.Snapshots(3, 4, true, 5, 6),
            List.of(Samples.ONE, Samples.TWO),
            List.of(),
            true,
            List.of(new PartitionStatus.Peer(Samples.TWO, "REPLICATE", 8, 512)));
    List<Object> messages =
        List.of(
            new Describe(statusTo),
            status,
            new TransferLeadership(Optional.of(Samples.TWO), outcomeTo),
            new TransferLeadership(Optional.empty(), outcomeTo),
            new Connect(Samples.TWO, peer),
            TransferOutcome.DONE);
    for (Object message : messages) {
      assertThat(serialization.findSerializerFor(message).getClass().getSimpleName())
          .isEqualTo("CborSerializer");
      kit.serializationTestKit().verifySerialization(message, true);
    }
  }

  @Test
  void javaSerialization_isOff() throws Exception {
    assertThat(kit.system().settings().config().getBoolean("pekko.actor.allow-java-serialization"))
        .isFalse();
    record Plain(int value) implements java.io.Serializable {}
    assertThat(serialization.serializerFor(Plain.class).getClass().getSimpleName())
        .isEqualTo("DisabledJavaSerializer");
    for (Object message : everything()) {
      assertThat(serializerOf(message).identifier()).isEqualTo(817265);
    }
  }

  @Test
  void unknownManifest_isRefusedByName() {
    RaftSerializer serializer = serializerOf(Samples.journal().get(0));
    assertThatThrownBy(() -> serializer.fromBinary(new byte[] {1}, "x"))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("'x'");
    assertThatThrownBy(() -> serializer.toBinary("a string"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("java.lang.String");
  }

  @Test
  @DisplayName("121: bytes of another version are refused, naming both versions")
  void unknownVersion_isRefusedNamingBoth() {
    for (Object message : everything()) {
      RaftSerializer serializer = serializerOf(message);
      byte[] bytes = serializer.toBinary(message);
      bytes[0] = 9;
      assertThatThrownBy(() -> serializer.fromBinary(bytes, serializer.manifest(message)))
          .isInstanceOf(DecodeException.class)
          .hasMessageContaining("version 9")
          .hasMessageContaining(
              message instanceof DurableState || message instanceof PeerMessage
                  ? "version 2"
                  : "version 1");
    }
  }
}
