package org.raftactors.examples.kv;

import org.raftactors.Codec;
import org.raftactors.Codecs;

/** The binary forms of commands, queries and results. Kinds are never given a second meaning. */
final class KvCodecs {

  static final Codecs<KvCommand, KvQuery, KvResult> ALL =
      new Codecs<>(new CommandCodec(), new QueryCodec(), new ResultCodec());

  private KvCodecs() {}

  private static final class CommandCodec implements Codec<KvCommand> {
    private static final int PUT = 1;
    private static final int DELETE = 2;
    private static final int COMPARE_AND_SET = 3;

    @Override
    public byte[] encode(KvCommand command) {
      if (command instanceof KvCommand.Put put) {
        return new FieldWriter(PUT).text(put.key()).bytes(put.value()).toBytes();
      }
      if (command instanceof KvCommand.Delete delete) {
        return new FieldWriter(DELETE).text(delete.key()).toBytes();
      }
      KvCommand.CompareAndSet cas = (KvCommand.CompareAndSet) command;
      return new FieldWriter(COMPARE_AND_SET)
          .text(cas.key())
          .text(cas.expect())
          .text(cas.update())
          .toBytes();
    }

    @Override
    public KvCommand decode(byte[] bytes, int offset, int length) {
      return FieldReader.read("key-value command", bytes, offset, length, CommandCodec::fields);
    }

    private static KvCommand fields(FieldReader in) {
      return switch (in.kind()) {
        case PUT -> new KvCommand.Put(in.text(), in.bytes());
        case DELETE -> new KvCommand.Delete(in.text());
        case COMPARE_AND_SET -> new KvCommand.CompareAndSet(in.text(), in.textOrNull(), in.text());
        default -> throw in.malformed("unknown kind " + in.kind());
      };
    }
  }

  private static final class QueryCodec implements Codec<KvQuery> {
    private static final int GET = 1;
    private static final int DIGEST = 2;

    @Override
    public byte[] encode(KvQuery query) {
      if (query instanceof KvQuery.Get get) {
        return new FieldWriter(GET).text(get.key()).toBytes();
      }
      return new FieldWriter(DIGEST).toBytes();
    }

    @Override
    public KvQuery decode(byte[] bytes, int offset, int length) {
      return FieldReader.read("key-value query", bytes, offset, length, QueryCodec::fields);
    }

    private static KvQuery fields(FieldReader in) {
      return switch (in.kind()) {
        case GET -> new KvQuery.Get(in.text());
        case DIGEST -> new KvQuery.Digest();
        default -> throw in.malformed("unknown kind " + in.kind());
      };
    }
  }

  private static final class ResultCodec implements Codec<KvResult> {
    private static final int WRITTEN = 1;
    private static final int DELETED = 2;
    private static final int COMPARED = 3;
    private static final int NOT_TEXT = 4;
    private static final int FOUND = 5;
    private static final int ABSENT = 6;
    private static final int DIGEST = 7;

    @Override
    public byte[] encode(KvResult result) {
      if (result instanceof KvResult.Written written) {
        return new FieldWriter(WRITTEN).number(written.version()).toBytes();
      }
      if (result instanceof KvResult.Deleted deleted) {
        return new FieldWriter(DELETED).bool(deleted.existed()).toBytes();
      }
      if (result instanceof KvResult.Compared compared) {
        return new FieldWriter(COMPARED).bool(compared.swapped()).text(compared.actual()).toBytes();
      }
      if (result instanceof KvResult.NotText) {
        return new FieldWriter(NOT_TEXT).toBytes();
      }
      if (result instanceof KvResult.Found found) {
        return new FieldWriter(FOUND)
            .bytes(found.value())
            .number(found.index())
            .number(found.version())
            .toBytes();
      }
      if (result instanceof KvResult.Absent) {
        return new FieldWriter(ABSENT).toBytes();
      }
      KvResult.Digest digest = (KvResult.Digest) result;
      return new FieldWriter(DIGEST)
          .number(digest.index())
          .number(digest.commands())
          .number(digest.keys())
          .number(digest.history())
          .number(digest.content())
          .toBytes();
    }

    @Override
    public KvResult decode(byte[] bytes, int offset, int length) {
      return FieldReader.read("key-value result", bytes, offset, length, ResultCodec::fields);
    }

    private static KvResult fields(FieldReader in) {
      return switch (in.kind()) {
        case WRITTEN -> new KvResult.Written(in.number());
        case DELETED -> new KvResult.Deleted(in.bool());
        case COMPARED -> new KvResult.Compared(in.bool(), in.textOrNull());
        case NOT_TEXT -> new KvResult.NotText();
        case FOUND -> new KvResult.Found(in.bytes(), in.number(), in.number());
        case ABSENT -> new KvResult.Absent();
        case DIGEST ->
            new KvResult.Digest(in.number(), in.number(), in.number(), in.number(), in.number());
        default -> throw in.malformed("unknown kind " + in.kind());
      };
    }
  }
}
