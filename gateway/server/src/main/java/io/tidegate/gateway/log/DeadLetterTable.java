package io.tidegate.gateway.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * The dead letters, numbered in order of arrival, and how many there were by reason. They take no more room than they are
 * allowed at each commit: the oldest go first, and of a commit that has more than that the newest stay. One writer, any readers.
 */
final class DeadLetterTable {

    private static final String REASON = "deadletters/reason/";
    private static final byte[] EXPIRED = Codec.text("deadletters/expired");
    private static final byte[] BYTES = Codec.text("deadletters/bytes");

    private final RocksDatabase columns;
    private final Map<String, Long> counts = new ConcurrentSkipListMap<>();
    private volatile long first;
    private final AtomicLong next;
    private volatile long bytes;
    // What the batch that was filled last makes of the table; counts once it is written.
    private Range filled;

    DeadLetterTable(RocksDatabase columns) {
        this.columns = columns;
        // Expiry goes in order, so what has expired are the numbers below the first.
        this.first = columns.number(EXPIRED);
        this.next = columns.iterate(columns.deadLetters, letters -> {
            letters.seekToLast();
            return new AtomicLong(letters.isValid() ? Codec.longAt(letters.key(), 0) + 1 : first);
        });
        columns.startingWith(REASON).forEach((reason, count) -> counts.put(reason, Codec.longAt(count, 0)));
        // A log of an older version has no sum: its letters are read once.
        byte[] sum = columns.get(columns.meta, BYTES, () -> Codec.longs(sizeOf(first, Long.MAX_VALUE)));
        this.bytes = Codec.longAt(sum, 0);
        this.filled = new Range(first, bytes);
    }

    /** Where the table begins, and its size. */
    private record Range(long first, long bytes) {}

    private long sizeOf(long from, long until) {
        return columns.iterate(columns.deadLetters, letters -> {
            long size = 0;
            for (letters.seek(Codec.longs(from)); letters.isValid(); letters.next()) {
                if (Codec.longAt(letters.key(), 0) >= until) {
                    break;
                }
                size += letters.value().length;
            }
            return size;
        });
    }

    /** The number of the oldest. */
    long first() {
        return first;
    }

    /** How many bytes of the log's quota they take. */
    long bytes() {
        return bytes;
    }

    DeadLetterPage page(long before, int limit) {
        return columns.iterate(columns.deadLetters, letters -> {
            List<DeadLetterPage.Entry> entries = new ArrayList<>();
            long begin = Math.min(before, next.get());
            letters.seekForPrev(Codec.longs(begin - 1));
            while (begin > 0 && entries.size() < limit && letters.isValid()) {
                long number = Codec.longAt(letters.key(), 0);
                entries.add(new DeadLetterPage.Entry(number, Codec.deadLetter(letters.value())));
                letters.prev();
            }
            return new DeadLetterPage(entries, next.get() - first, first);
        });
    }

    Map<String, Long> counts() {
        return new TreeMap<>(counts);
    }

    /**
     * Puts letters into a batch; they count once {@link #written} is told that it is durable.
     *
     * @param most the room that all letters may take then, in bytes; the newest letter is kept in any case
     */
    void put(List<DeadLetter> letters, long most, WriteBatch batch) throws RocksDBException {
        filled = new Range(first, bytes);
        if (letters.isEmpty()) {
            return;
        }
        List<byte[]> encoded = letters.stream().map(Codec::deadLetter).toList();
        int from = encoded.size() - 1;
        long added = encoded.get(from).length;
        while (from > 0 && added + encoded.get(from - 1).length <= most) {
            from--;
            added += encoded.get(from).length;
        }
        Range kept = from > 0 ? new Range(next.get() + from, 0) : begin(first, most - added);
        for (int i = from; i < encoded.size(); i++) {
            batch.put(columns.deadLetters, Codec.longs(next.get() + i), encoded.get(i));
        }
        filled = new Range(kept.first(), kept.bytes() + added);
        if (kept.first() > first) {
            batch.deleteRange(columns.deadLetters, Codec.longs(0), Codec.longs(Math.min(kept.first(), next.get())));
            batch.put(columns.meta, EXPIRED, Codec.longs(kept.first()));
        }
        batch.put(columns.meta, BYTES, Codec.longs(filled.bytes()));
        for (Map.Entry<String, Long> count : raised(letters).entrySet()) {
            batch.put(columns.meta, Codec.text(REASON + count.getKey()), Codec.longs(count.getValue()));
        }
    }

    /** What is left when the oldest go, from {@code from} on, until no more than {@code most} bytes remain. */
    private Range begin(long from, long most) {
        long gone = from == first ? 0 : sizeOf(first, from);
        if (bytes - gone <= most) {
            return new Range(from, bytes - gone);
        }
        return columns.iterate(columns.deadLetters, letters -> {
            long left = bytes - gone;
            letters.seek(Codec.longs(from));
            while (letters.isValid() && left > most) {
                left -= letters.value().length;
                letters.next();
            }
            return letters.isValid() ? new Range(Codec.longAt(letters.key(), 0), left) : new Range(next.get(), 0);
        });
    }

    void written(List<DeadLetter> letters) {
        counts.putAll(raised(letters));
        next.addAndGet(letters.size());
        first = filled.first();
        bytes = filled.bytes();
    }

    private Map<String, Long> raised(List<DeadLetter> letters) {
        Map<String, Long> raised = new TreeMap<>();
        for (DeadLetter letter : letters) {
            raised.merge(letter.reason(), counts.getOrDefault(letter.reason(), 0L) + 1, (old, ignored) -> old + 1);
        }
        return raised;
    }

    /** Keeps the newest {@code most}, of them those that came at {@code notBefore} or later, and of those so many bytes. */
    void expire(int most, long notBefore, long mostBytes) {
        long young = columns.iterate(columns.deadLetters, letters -> {
            long number = Math.max(first, next.get() - most);
            letters.seek(Codec.longs(number));
            while (letters.isValid() && Codec.deadLetter(letters.value()).timeMs() < notBefore) {
                number++;
                letters.next();
            }
            return number;
        });
        Range kept = begin(young, mostBytes);
        if (kept.first() == first) {
            return;
        }
        columns.commit(batch -> {
            batch.deleteRange(columns.deadLetters, Codec.longs(0), Codec.longs(kept.first()));
            batch.put(columns.meta, EXPIRED, Codec.longs(kept.first()));
            batch.put(columns.meta, BYTES, Codec.longs(kept.bytes()));
        });
        columns.freeFiles(columns.deadLetters, Codec.longs(0), Codec.longs(kept.first()));
        first = kept.first();
        bytes = kept.bytes();
    }
}
