package io.tidegate.gateway.ops;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tidegate.gateway.http.Reply;
import io.tidegate.gateway.log.DeadLetter;
import io.tidegate.gateway.log.DeadLetterPage;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Instant;
import java.util.Base64;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A page of dead letters, newest first, as pieces of JSON. Each letter is read from the log when its piece is asked for, so a
 * page takes the memory of one letter, however many it has and however many pages are read at a time. Reads the disk; not
 * thread-safe.
 */
final class DeadLetterListing implements Iterator<String> {

    static final int LIMIT = 50;
    static final int MOST = 200;

    /** A page ends with the letter that fills so many bytes of raw payloads. */
    static final int PAGE_BYTES = 1 << 20;

    /**
     * One of them.
     *
     * @param length how long the message was; {@code raw} holds its first 64 KiB, in base64
     * @param text the same as text, when it is text that can be shown
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Line(
            long number,
            String time,
            String source,
            String origin,
            String reason,
            String detail,
            String decoder,
            int length,
            String raw,
            @Nullable String text) {

        static Line of(DeadLetterPage.Entry entry) {
            DeadLetter letter = entry.letter();
            return new Line(
                    entry.number(),
                    Instant.ofEpochMilli(letter.timeMs()).toString(),
                    letter.source(),
                    letter.origin(),
                    letter.reason(),
                    letter.detail(),
                    letter.decoder(),
                    letter.rawLength(),
                    Base64.getEncoder().encodeToString(letter.raw()),
                    printable(letter.raw()));
        }
    }

    /** Reads from the log. */
    interface Reader {
        DeadLetterPage read(long before, int limit);
    }

    /** What is asked for: {@code limit} letters below the number {@code before}. */
    record Query(long before, int limit) {

        /** The page that is asked for, both parameters being optional; empty: they are none. */
        static Optional<Query> of(Optional<String> limit, Optional<String> before) {
            try {
                int most = limit.map(Integer::parseInt).orElse(LIMIT);
                long below = before.map(Long::parseLong).orElse(Long.MAX_VALUE);
                boolean fits = most >= 1 && most <= MOST && below >= 0;
                return fits ? Optional.of(new Query(below, most)) : Optional.empty();
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        }
    }

    private enum Step {
        BEGIN,
        LETTERS,
        ENDED
    }

    private final Query query;
    private final Reader reader;
    private Step step = Step.BEGIN;
    private long before;
    private int letters;
    private long bytes;
    private long retained;
    private long expired;

    DeadLetterListing(Query query, Reader reader) {
        this.query = query;
        this.reader = reader;
        this.before = query.before();
    }

    @Override
    public boolean hasNext() {
        return step != Step.ENDED;
    }

    @Override
    public String next() {
        return switch (step) {
            case BEGIN -> {
                step = Step.LETTERS;
                yield "{\"deadLetters\":[";
            }
            case LETTERS -> letter();
            case ENDED -> throw new NoSuchElementException("the page has ended");
        };
    }

    private String letter() {
        DeadLetterPage page = reader.read(before, 1);
        if (letters == 0) {
            retained = page.retained();
            expired = page.expired();
        }
        boolean full = letters == query.limit() || bytes >= PAGE_BYTES;
        if (full || page.entries().isEmpty()) {
            step = Step.ENDED;
            String more = page.entries().isEmpty() ? "" : ",\"before\":" + before;
            return "],\"retained\":" + retained + ",\"expired\":" + expired + more + "}\n";
        }
        DeadLetterPage.Entry entry = page.entries().get(0);
        before = entry.number();
        letters++;
        bytes += entry.letter().raw().length;
        return (letters > 1 ? "," : "") + Reply.text(Line.of(entry));
    }

    private static @Nullable String printable(byte[] raw) {
        try {
            String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(raw)).toString();
            boolean shown =
                    text.chars().allMatch(c -> !Character.isISOControl(c) || c == '\t' || c == '\n' || c == '\r');
            return shown ? text : null;
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
