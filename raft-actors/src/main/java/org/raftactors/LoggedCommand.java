package org.raftactors;

/**
 * A committed command as it stands in the log.
 *
 * @param index of its entry; rises from command to command, with gaps where the log has entries of
 *     its own
 * @param term of its entry
 * @param timestampMillis what {@link ApplyContext#timestamp()} gave for it, since 1970
 * @param command as encoded by the application's codec for commands; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // as decoded from the wire; compared by identity only
public record LoggedCommand(long index, long term, long timestampMillis, byte[] command) {

  /**
   * The command.
   *
   * @param codec that of the application's commands
   * @param <C> commands
   * @return decoded
   * @throws RuntimeException what the codec throws of bytes that are not its own
   */
  public <C> C decoded(Codec<C> codec) {
    return codec.decode(command, 0, command.length);
  }
}
