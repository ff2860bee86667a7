package io.tidegate.gateway.log;

import io.tidegate.protocol.v1.Chunk;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The gateway's state on disk: chunks, dead letters, presence, tallies and cursors. {@link EventLog} alone calls
 * {@link #append} and {@link #expire}, one call at a time; everything else may be called from any thread and sees only what
 * is durable. Every method may wait for the disk.
 *
 * <p>Law: {@code logged = trimmed + retained}, see {@link LogTotals}.
 */
public interface LogStore extends AutoCloseable {

    /** How it was opened. */
    LogSettings settings();

    /** The number of key groups. */
    int keyGroups();

    /** The gateway's id. */
    String gateway();

    /** The durable end of a key group. */
    LogEnd tail(int keyGroup);

    /** The offset of the oldest retained event; the end when there is none. */
    long oldest(int keyGroup);

    /**
     * Before which offset every event of a key group was received earlier than that time: the offset of the first event
     * received then or later, the end when there is none.
     *
     * @param timeMs of the gateway's clock
     * @throws LogFailure when a chunk is missing or damaged
     */
    long receivedFrom(int keyGroup, long timeMs);

    /** The greatest time of receipt in the key group when the store was opened, in ms; 0: it was empty. */
    long receivedAtOpen(int keyGroup);

    /** The greatest time of receipt in the whole log when the store was opened, in ms; 0: it was empty. */
    long receivedAtOpen();

    /** What came and what is there, at one moment between two commits. */
    LogTotals ledger();

    /** The size of the retained events, encoded, before compression. */
    long bytes();

    /**
     * The chunks that hold {@code from} to {@code until} (exclusive), as many as fit.
     *
     * @param maxBytes stop before the chunk that would exceed it; the first one comes in any case
     */
    ReadResult read(int keyGroup, long from, long until, long maxBytes);

    /**
     * Every retained chunk of a key group from the one that holds an offset on, in order.
     *
     * @param from what is trimmed of it is left out
     * @throws LogFailure when one is missing or damaged
     */
    void scan(int keyGroup, long from, Consumer<Chunk> reader);

    /** The size of the dead letters that are kept, encoded, before compression. */
    long deadLetterBytes();

    /** The newest {@code limit} dead letters whose number is below {@code before}. */
    DeadLetterPage deadLetters(long before, int limit);

    /** How many dead letters there were by reason, since the folder was begun. */
    Map<String, Long> deadLetterCounts();

    /** The presence of every device that ever had one. */
    List<Presence> presence();

    /** What was noted: the state whose keys begin so, by the rest of the key, in the order of keys. */
    Map<String, byte[]> state(String prefix);

    /** The cursors of all groups, by name. */
    Map<String, GroupCursors> groups();

    /** A new group, which begins at the oldest retained event; from now on nothing is trimmed before it has committed. */
    GroupCursors registerGroup(String group);

    /**
     * Keeps a group's cursors. A committed position below the oldest retained event is raised to it: what expired will
     * never be asked for.
     *
     * @param sync wait for the disk; without it they survive a crash of the process at once, one of the machine after the
     *     next commit: such a crash may take them back, never forward
     */
    void saveGroup(GroupCursors group, boolean sync);

    /** Forgets a group, and counts it. */
    void dropGroup(String group);

    /** How many groups were dropped because nobody came for them. */
    long droppedGroups();

    /** What a group lost because the log was full and {@code when-full} is {@code expire-oldest}. */
    ExpiredEvents expired(String group);

    /** Why nothing more may be appended for now; empty: there is room. */
    Optional<String> full();

    /** Makes a group commit durable: all or nothing, on disk when it returns. */
    void append(List<LogWrite> commit);

    /** Trims behind the slowest group and the minimum time, makes room in a full log, lets old dead letters expire. */
    void expire(long nowMs);

    /** Closes the database; a later call of anything is an exception. Idempotent. */
    @Override
    void close();
}
