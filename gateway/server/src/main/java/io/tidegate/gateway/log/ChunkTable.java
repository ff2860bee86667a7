package io.tidegate.gateway.log;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.tidegate.protocol.v1.Chunk;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;

/** The chunks of all key groups, and where each key group begins and ends. One writer, any number of readers. */
final class ChunkTable {

    private static final byte[] BYTES = Codec.text("bytes");

    private final RocksDatabase columns;
    private final int keyGroups;
    private final AtomicReferenceArray<LogEnd> tails;
    private final AtomicLongArray oldest;
    private final AtomicLongArray receivedAtOpen;
    private final AtomicLong bytes;

    ChunkTable(RocksDatabase columns, int keyGroups) {
        this.columns = columns;
        this.keyGroups = keyGroups;
        this.tails = new AtomicReferenceArray<>(keyGroups);
        this.oldest = new AtomicLongArray(keyGroups);
        this.receivedAtOpen = new AtomicLongArray(keyGroups);
        this.bytes = new AtomicLong(columns.number(BYTES));
        for (int keyGroup = 0; keyGroup < keyGroups; keyGroup++) {
            load(keyGroup);
        }
    }

    /** The end stands beside the chunks; that the newest chunk, if one is retained, ends there is checked here. */
    private void load(int keyGroup) {
        oldest.set(keyGroup, columns.number(oldestKey(keyGroup)));
        Optional<StoredChunk> newest = columns.iterate(columns.chunks, chunks -> {
            chunks.seekForPrev(Codec.chunkKey(keyGroup, Long.MAX_VALUE));
            return isOf(keyGroup, chunks) ? Optional.of(current(chunks)) : Optional.<StoredChunk>empty();
        });
        byte[] stored = columns.get(columns.meta, endKey(keyGroup), () -> end(newest));
        LogEnd tail = new LogEnd(Codec.longAt(stored, 0), Codec.longAt(stored, 1));
        long behindNewest = newest.map(StoredChunk::next).orElse(oldest.get(keyGroup));
        if (behindNewest != tail.next()) {
            throw new LogFailure("key group " + keyGroup + " ends at " + behindNewest + " (expected: " + tail.next()
                    + ", which was acknowledged)");
        }
        tails.set(keyGroup, tail);
        receivedAtOpen.set(keyGroup, Codec.longAt(stored, 2));
    }

    /** The end as format 1 knows it: it never trims the newest chunk. */
    private static byte[] end(Optional<StoredChunk> newest) {
        return newest.map(chunk -> Codec.longs(chunk.next(), chunk.watermarkMs(), chunk.receivedMs()))
                .orElseGet(() -> Codec.longs(0, 0, 0));
    }

    /** Puts the ends, as they were loaded, into the batch that makes a log of format 1 one of format 2. */
    void putEnds(WriteBatch batch) throws RocksDBException {
        for (int keyGroup = 0; keyGroup < keyGroups; keyGroup++) {
            LogEnd tail = tail(keyGroup);
            batch.put(
                    columns.meta,
                    endKey(keyGroup),
                    Codec.longs(tail.next(), tail.watermarkMs(), receivedAtOpen(keyGroup)));
        }
    }

    LogEnd tail(int keyGroup) {
        return tails.get(keyGroup);
    }

    long oldest(int keyGroup) {
        return oldest.get(keyGroup);
    }

    long receivedAtOpen(int keyGroup) {
        return receivedAtOpen.get(keyGroup);
    }

    long bytes() {
        return bytes.get();
    }

    ReadResult read(int keyGroup, long from, long until, long maxBytes) {
        return columns.iterate(columns.chunks, chunks -> {
            // The iterator is older than this look at `oldest`, and trimming moves `oldest` first: what is not
            // trimmed by it is seen by the iterator.
            long begin = oldest.get(keyGroup);
            if (from < begin) {
                return new ReadResult.Trimmed(begin);
            }
            List<ByteString> found = new ArrayList<>();
            long next = from;
            long size = 0;
            long watermarkMs = 0;
            long end = Math.min(until, tail(keyGroup).next());
            if (from < end) {
                seek(chunks, keyGroup, from);
            }
            while (next < end && (found.isEmpty() || size < maxBytes)) {
                StoredChunk chunk = following(chunks, keyGroup, next);
                if (!found.isEmpty() && size + chunk.size() > maxBytes) {
                    break;
                }
                found.add(chunk.bytes());
                size += chunk.size();
                next = chunk.next();
                watermarkMs = chunk.watermarkMs();
                chunks.next();
            }
            return new ReadResult.Slice(found, next, watermarkMs);
        });
    }

    /** Halves the key group: the time of receipt that stands with a chunk never steps back from one to the next. */
    long receivedFrom(int keyGroup, long timeMs) {
        long end = tail(keyGroup).next(); // before the iterator, which then sees all of it
        return columns.iterate(columns.chunks, chunks -> {
            long low = oldest(keyGroup);
            long high = end;
            while (low < high) {
                long middle = low + (high - low) / 2;
                seek(chunks, keyGroup, middle);
                StoredChunk chunk = following(chunks, keyGroup, middle);
                if (chunk.receivedMs() < timeMs) {
                    low = chunk.next();
                } else {
                    high = chunk.first();
                }
            }
            if (low >= end) {
                return low;
            }
            seek(chunks, keyGroup, low);
            return receivedFrom(decoded(following(chunks, keyGroup, low)), timeMs);
        });
    }

    /** Where no event is that late, one that is trimmed by now was: nothing before the chunk counts either way. */
    private static long receivedFrom(Chunk chunk, long timeMs) {
        for (int i = 0; i < chunk.getEventsCount(); i++) {
            if (chunk.getEvents(i).getReceivedMs() >= timeMs) {
                return chunk.getFirstOffset() + i;
            }
        }
        return chunk.getFirstOffset();
    }

    void scan(int keyGroup, long from, Consumer<Chunk> reader) {
        columns.iterate(columns.chunks, chunks -> {
            long next = Math.max(from, oldest.get(keyGroup));
            long end = tail(keyGroup).next();
            if (next < end) {
                seek(chunks, keyGroup, next);
            }
            while (next < end) {
                StoredChunk chunk = following(chunks, keyGroup, next);
                reader.accept(decoded(chunk));
                next = chunk.next();
                chunks.next();
            }
            return next;
        });
    }

    private static Chunk decoded(StoredChunk stored) {
        try {
            Chunk chunk = Chunk.parseFrom(stored.bytes());
            if (chunk.getFirstOffset() != stored.first() || chunk.getEventsCount() != stored.count()) {
                throw new LogFailure("key group " + stored.keyGroup() + ": the chunk at " + stored.first()
                        + " doesn't hold what its key says");
            }
            return chunk;
        } catch (InvalidProtocolBufferException e) {
            throw new LogFailure(e);
        }
    }

    private static void seek(RocksIterator chunks, int keyGroup, long offset) {
        chunks.seekForPrev(Codec.chunkKey(keyGroup, offset));
    }

    /** The chunk under the iterator, which must hold {@code offset}: a hole in the log is damage, never skipped. */
    private static StoredChunk following(RocksIterator chunks, int keyGroup, long offset) {
        if (!isOf(keyGroup, chunks)) {
            throw missing(keyGroup, offset);
        }
        StoredChunk chunk = current(chunks);
        if (chunk.first() > offset || chunk.next() <= offset) {
            throw missing(keyGroup, offset);
        }
        return chunk;
    }

    private static LogFailure missing(int keyGroup, long offset) {
        return new LogFailure(
                "key group " + keyGroup + ": no chunk holds offset " + offset + ", which was acknowledged");
    }

    private static boolean isOf(int keyGroup, RocksIterator chunks) {
        return chunks.isValid() && StoredChunk.of(chunks.key(), new byte[0]).keyGroup() == keyGroup;
    }

    private static StoredChunk current(RocksIterator chunks) {
        return StoredChunk.of(chunks.key(), chunks.value());
    }

    /** Puts chunks into a batch; they count once {@link #written} is told that it is durable. */
    void put(List<PendingChunk> pending, WriteBatch batch) throws RocksDBException {
        long[] next = new long[keyGroups];
        for (int keyGroup = 0; keyGroup < keyGroups; keyGroup++) {
            next[keyGroup] = tail(keyGroup).next();
        }
        for (PendingChunk chunk : pending) {
            if (chunk.firstOffset() != next[chunk.keyGroup()]) {
                throw new LogFailure("key group " + chunk.keyGroup() + ": an append begins at " + chunk.firstOffset()
                        + " (expected: " + next[chunk.keyGroup()] + ")");
            }
            next[chunk.keyGroup()] = chunk.next();
            batch.put(columns.chunks, Codec.chunkKey(chunk.keyGroup(), chunk.firstOffset()), StoredChunk.encode(chunk));
            batch.put(
                    columns.meta,
                    endKey(chunk.keyGroup()),
                    Codec.longs(chunk.next(), chunk.watermarkMs(), chunk.receivedMs()));
        }
        if (!pending.isEmpty()) {
            batch.put(columns.meta, BYTES, Codec.longs(bytes() + size(pending)));
        }
    }

    void written(List<PendingChunk> pending) {
        bytes.addAndGet(size(pending));
        for (PendingChunk chunk : pending) {
            tails.updateAndGet(
                    chunk.keyGroup(),
                    tail -> new LogEnd(chunk.next(), Math.max(tail.watermarkMs(), chunk.watermarkMs())));
        }
    }

    private static long size(List<PendingChunk> pending) {
        return pending.stream().mapToLong(chunk -> chunk.bytes().size()).sum();
    }

    /**
     * Forgets whole chunks below {@code committed} that were received before {@code receivedBefore}.
     *
     * @param spare keep the newest chunk, which tells a duplicate after a restart
     */
    void trim(int keyGroup, long committed, long receivedBefore, boolean spare) {
        Trimming gone = trimmable(keyGroup, committed, receivedBefore, spare);
        if (gone.next() > oldest(keyGroup)) {
            columns.commit(begin(List.of(gone)));
            end(List.of(gone));
        }
    }

    /** What forgets these; from the call on readers are told that it is gone. */
    RocksDatabase.Fill begin(List<Trimming> gone) {
        gone.forEach(range -> oldest.set(range.keyGroup(), range.next()));
        long size = gone.stream().mapToLong(Trimming::bytes).sum();
        return batch -> {
            for (Trimming range : gone) {
                batch.deleteRange(columns.chunks, firstKey(range), endKey(range));
                batch.put(columns.meta, oldestKey(range.keyGroup()), Codec.longs(range.next()));
            }
            batch.put(columns.meta, BYTES, Codec.longs(bytes() - size));
        };
    }

    /** It is on disk that these are gone. */
    void end(List<Trimming> gone) {
        bytes.addAndGet(-gone.stream().mapToLong(Trimming::bytes).sum());
        gone.forEach(range -> columns.freeFiles(columns.chunks, firstKey(range), endKey(range)));
    }

    private static byte[] firstKey(Trimming range) {
        return Codec.chunkKey(range.keyGroup(), 0);
    }

    private static byte[] endKey(Trimming range) {
        return Codec.chunkKey(range.keyGroup(), range.next());
    }

    private Trimming trimmable(int keyGroup, long committed, long receivedBefore, boolean spare) {
        return columns.iterate(columns.chunks, chunks -> {
            Trimming gone = new Trimming(keyGroup, oldest(keyGroup), 0);
            long end = tail(keyGroup).next();
            seek(chunks, keyGroup, gone.next());
            while (gone.next() < end) {
                StoredChunk chunk = following(chunks, keyGroup, gone.next());
                boolean needed = chunk.next() > committed || chunk.receivedMs() >= receivedBefore;
                if (needed || (spare && chunk.next() == end)) {
                    break;
                }
                gone = gone.and(chunk);
                chunks.next();
            }
            return gone;
        });
    }

    /** The chunks that were received first, of all key groups, until so many bytes are among them. */
    List<Trimming> first(long size) {
        return columns.iterate(columns.chunks, chunks -> {
            Map<Integer, Trimming> gone = new TreeMap<>();
            PriorityQueue<StoredChunk> heads = new PriorityQueue<>(Comparator.comparingLong(StoredChunk::receivedMs));
            for (int keyGroup = 0; keyGroup < keyGroups; keyGroup++) {
                head(chunks, keyGroup, oldest(keyGroup)).ifPresent(heads::add);
            }
            long found = 0;
            while (found < size && !heads.isEmpty()) {
                StoredChunk chunk = heads.remove();
                found += chunk.size();
                gone.compute(
                        chunk.keyGroup(),
                        (keyGroup, before) -> (before == null ? new Trimming(keyGroup, 0, 0) : before).and(chunk));
                head(chunks, chunk.keyGroup(), chunk.next()).ifPresent(heads::add);
            }
            return List.copyOf(gone.values());
        });
    }

    private Optional<StoredChunk> head(RocksIterator chunks, int keyGroup, long offset) {
        if (offset >= tail(keyGroup).next()) {
            return Optional.empty();
        }
        seek(chunks, keyGroup, offset);
        return Optional.of(following(chunks, keyGroup, offset));
    }

    private static byte[] endKey(int keyGroup) {
        return Codec.text("end/" + keyGroup);
    }

    private static byte[] oldestKey(int keyGroup) {
        return Codec.text("oldest/" + keyGroup);
    }

    /**
     * Chunks of a key group that go, from the oldest retained one on.
     *
     * @param next the position behind them
     * @param bytes their size
     */
    record Trimming(int keyGroup, long next, long bytes) {
        Trimming and(StoredChunk chunk) {
            return new Trimming(keyGroup, chunk.next(), bytes + chunk.size());
        }
    }
}
