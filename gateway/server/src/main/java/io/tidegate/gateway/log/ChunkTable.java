package io.tidegate.gateway.log;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.tidegate.protocol.v1.Chunk;
import java.util.ArrayList;
import java.util.List;
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

    private final Columns columns;
    private final int keyGroups;
    private final AtomicReferenceArray<Tail> tails;
    private final AtomicLongArray oldest;
    private final AtomicLongArray receivedAtOpen;
    private final AtomicLong bytes;

    ChunkTable(Columns columns, int keyGroups) {
        this.columns = columns;
        this.keyGroups = keyGroups;
        this.tails = new AtomicReferenceArray<>(keyGroups);
        this.oldest = new AtomicLongArray(keyGroups);
        this.receivedAtOpen = new AtomicLongArray(keyGroups);
        this.bytes = new AtomicLong(Codec.longAt(columns.get(columns.meta, BYTES, () -> Codec.longs(0)), 0));
        for (int keyGroup = 0; keyGroup < keyGroups; keyGroup++) {
            load(keyGroup);
        }
    }

    private void load(int keyGroup) {
        oldest.set(keyGroup, Codec.longAt(columns.get(columns.meta, oldestKey(keyGroup), () -> Codec.longs(0)), 0));
        List<StoredChunk> last = columns.iterate(columns.chunks, chunks -> {
            chunks.seekForPrev(Codec.chunkKey(keyGroup, Long.MAX_VALUE));
            return isOf(keyGroup, chunks) ? List.of(current(chunks)) : List.<StoredChunk>of();
        });
        // The newest chunk is never trimmed, so a key group without one has never had any.
        long next = last.isEmpty() ? 0 : last.get(0).next();
        tails.set(keyGroup, new Tail(next, last.isEmpty() ? 0 : last.get(0).watermarkMs()));
        receivedAtOpen.set(keyGroup, last.isEmpty() ? 0 : last.get(0).receivedMs());
    }

    Tail tail(int keyGroup) {
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

    void scan(int keyGroup, Consumer<Chunk> reader) {
        columns.iterate(columns.chunks, chunks -> {
            long next = oldest.get(keyGroup);
            long end = tail(keyGroup).next();
            seek(chunks, keyGroup, next);
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
                    tail -> new Tail(chunk.next(), Math.max(tail.watermarkMs(), chunk.watermarkMs())));
        }
    }

    private static long size(List<PendingChunk> pending) {
        return pending.stream().mapToLong(chunk -> chunk.bytes().size()).sum();
    }

    /** Forgets whole chunks below {@code committed} that were received before {@code receivedBefore}; never the newest. */
    void trim(int keyGroup, long committed, long receivedBefore) {
        long from = oldest(keyGroup);
        StoredRange gone = trimmable(keyGroup, committed, receivedBefore);
        if (gone.next() == from) {
            return;
        }
        oldest.set(keyGroup, gone.next());
        byte[] begin = Codec.chunkKey(keyGroup, 0);
        byte[] end = Codec.chunkKey(keyGroup, gone.next());
        columns.write(
                batch -> {
                    batch.deleteRange(columns.chunks, begin, end);
                    batch.put(columns.meta, oldestKey(keyGroup), Codec.longs(gone.next()));
                    batch.put(columns.meta, BYTES, Codec.longs(bytes() - gone.bytes()));
                },
                true);
        bytes.addAndGet(-gone.bytes());
        columns.freeFiles(columns.chunks, begin, end);
    }

    private StoredRange trimmable(int keyGroup, long committed, long receivedBefore) {
        return columns.iterate(columns.chunks, chunks -> {
            long next = oldest(keyGroup);
            long size = 0;
            long end = tail(keyGroup).next();
            seek(chunks, keyGroup, next);
            while (next < end) {
                StoredChunk chunk = following(chunks, keyGroup, next);
                if (chunk.next() == end || chunk.next() > committed || chunk.receivedMs() >= receivedBefore) {
                    break;
                }
                size += chunk.size();
                next = chunk.next();
                chunks.next();
            }
            return new StoredRange(next, size);
        });
    }

    private static byte[] oldestKey(int keyGroup) {
        return Codec.text("oldest/" + keyGroup);
    }

    private record StoredRange(long next, long bytes) {}
}
