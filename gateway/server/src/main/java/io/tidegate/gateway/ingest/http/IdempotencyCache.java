package io.tidegate.gateway.ingest.http;

import io.tidegate.gateway.http.Reply;
import io.tidegate.gateway.log.StateUpdate;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * What requests with an {@code Idempotency-Key} were answered, so that one that comes again is answered the same and brings
 * nothing twice. Each answer is a {@link StateUpdate} in the same commit as the events that it is about: after a crash either both
 * are there or neither. Bounded by number, bytes and age; thread-safe.
 */
final class IdempotencyCache {

    /** What their keys in the log begin with. */
    static final String KEY_PREFIX = "idempotency/";

    /** What an answer takes in memory beside its texts, roughly. */
    private static final long ANSWER_BYTES = 300;

    /** A request with a key, answered or under way. */
    static final class Entry {
        private final String key;
        private final long content;
        private final CompletableFuture<Reply> answer = new CompletableFuture<>();
        private long sinceMs;
        // What it takes in memory once it is answered.
        private long bytes;

        Entry(String key, long content) {
            this.key = key;
            this.content = content;
        }

        /** The answer, once what it says is on disk. */
        CompletableFuture<Reply> answer() {
            return answer;
        }

        /** A hash of the request's body. */
        long content() {
            return content;
        }
    }

    private final int most;
    private final int mostBytes;
    private final long ageMs;
    // In the order of their answers; those under way are among them, and few.
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private long bytes;

    /** @param state what an earlier life has left */
    IdempotencyCache(HttpIngestSettings settings, Map<String, byte[]> state) {
        this.most = settings.rememberedAnswers();
        this.mostBytes = settings.rememberedBytes();
        this.ageMs = settings.rememberFor().toMillis();
        List<Entry> known = new ArrayList<>();
        state.forEach((key, value) -> known.add(decoded(key, value)));
        known.sort(Comparator.comparingLong(entry -> entry.sinceMs));
        known.forEach(this::put);
    }

    /** Who has this key; nobody: it is {@code entry}'s from now on. */
    synchronized Optional<Entry> claim(Entry entry) {
        return Optional.ofNullable(entries.putIfAbsent(entry.key, entry));
    }

    /** The request was not taken: its key is free again. */
    synchronized void release(Entry entry) {
        if (entries.remove(entry.key, entry)) {
            bytes -= entry.bytes;
        }
    }

    /** What to commit together with the events: this answer, and that others are forgotten for it. */
    synchronized List<StateUpdate> remember(Entry entry, Reply reply, long nowMs) {
        List<StateUpdate> state = new ArrayList<>();
        entry.sinceMs = nowMs;
        byte[] encoded = encoded(entry, reply);
        entry.bytes = reckoned(entry, encoded);
        entries.remove(entry.key);
        Iterator<Entry> eldest = entries.values().iterator();
        int excess = entries.size() + 1 - most;
        while (eldest.hasNext()) {
            Entry old = eldest.next();
            boolean answered = old.sinceMs > 0;
            boolean fits = excess <= 0 && bytes + entry.bytes <= mostBytes;
            if (answered && fits && old.sinceMs + ageMs > nowMs) {
                break;
            }
            if (answered) {
                eldest.remove();
                excess--;
                bytes -= old.bytes;
                state.add(new StateUpdate(KEY_PREFIX + old.key, null));
            }
        }
        put(entry);
        state.add(new StateUpdate(KEY_PREFIX + entry.key, encoded));
        return state;
    }

    private void put(Entry answered) {
        entries.put(answered.key, answered);
        bytes += answered.bytes;
    }

    private static long reckoned(Entry entry, byte[] encoded) {
        return ANSWER_BYTES + entry.key.length() + encoded.length;
    }

    synchronized int size() {
        return entries.size();
    }

    private static byte[] encoded(Entry entry, Reply reply) {
        byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(2 * Long.BYTES + Integer.BYTES + body.length)
                .putLong(entry.sinceMs)
                .putLong(entry.content)
                .putInt(reply.status())
                .put(body)
                .array();
    }

    private static Entry decoded(String key, byte[] update) {
        ByteBuffer value = ByteBuffer.wrap(update);
        long sinceMs = value.getLong();
        Entry entry = new Entry(key, value.getLong());
        int status = value.getInt();
        String body = StandardCharsets.UTF_8.decode(value).toString();
        entry.sinceMs = sinceMs;
        entry.bytes = reckoned(entry, update);
        entry.answer.complete(new Reply(status, Reply.JSON_TYPE, body));
        return entry;
    }
}
