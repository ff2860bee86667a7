package io.tidegate.gateway.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;

/** The dead letters, numbered in order of arrival, and how many there were by reason. One writer, any readers. */
final class DeadLetterTable {

    private static final String REASON = "deadletters/reason/";
    private static final byte[] EXPIRED = Codec.text("deadletters/expired");

    private final Columns columns;
    private final Map<String, Long> counts = new ConcurrentSkipListMap<>();
    private volatile long first;
    private final AtomicLong next;

    DeadLetterTable(Columns columns) {
        this.columns = columns;
        // Expiry goes in order, so what has expired are the numbers below the first.
        this.first = Codec.longAt(columns.get(columns.meta, EXPIRED, () -> Codec.longs(0)), 0);
        this.next = columns.iterate(columns.deadLetters, letters -> {
            letters.seekToLast();
            return new AtomicLong(letters.isValid() ? Codec.longAt(letters.key(), 0) + 1 : first);
        });
        counts.putAll(columns.iterate(columns.meta, DeadLetterTable::loadCounts));
    }

    private static Map<String, Long> loadCounts(RocksIterator meta) {
        Map<String, Long> loaded = new TreeMap<>();
        for (meta.seek(Codec.text(REASON)); meta.isValid(); meta.next()) {
            String key = Codec.text(meta.key());
            if (!key.startsWith(REASON)) {
                break;
            }
            loaded.put(key.substring(REASON.length()), Codec.longAt(meta.value(), 0));
        }
        return loaded;
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

    void put(List<DeadLetter> letters, WriteBatch batch) throws RocksDBException {
        Map<String, Long> raised = raised(letters);
        for (int i = 0; i < letters.size(); i++) {
            batch.put(columns.deadLetters, Codec.longs(next.get() + i), Codec.deadLetter(letters.get(i)));
        }
        for (Map.Entry<String, Long> count : raised.entrySet()) {
            batch.put(columns.meta, Codec.text(REASON + count.getKey()), Codec.longs(count.getValue()));
        }
    }

    void written(List<DeadLetter> letters) {
        counts.putAll(raised(letters));
        next.addAndGet(letters.size());
    }

    private Map<String, Long> raised(List<DeadLetter> letters) {
        Map<String, Long> raised = new TreeMap<>();
        for (DeadLetter letter : letters) {
            raised.merge(letter.reason(), counts.getOrDefault(letter.reason(), 0L) + 1, (old, ignored) -> old + 1);
        }
        return raised;
    }

    /** Keeps the newest {@code most}, and of them those that came at {@code notBefore} or later. */
    void expire(int most, long notBefore) {
        long keep = columns.iterate(columns.deadLetters, letters -> {
            long number = Math.max(first, next.get() - most);
            letters.seek(Codec.longs(number));
            while (letters.isValid() && Codec.deadLetter(letters.value()).timeMs() < notBefore) {
                number++;
                letters.next();
            }
            return number;
        });
        if (keep == first) {
            return;
        }
        columns.commit(batch -> {
            batch.deleteRange(columns.deadLetters, Codec.longs(0), Codec.longs(keep));
            batch.put(columns.meta, EXPIRED, Codec.longs(keep));
        });
        first = keep;
    }
}
