package io.tidegate.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tidegate.gateway.log.DeadLetter;
import io.tidegate.gateway.log.DeadLetterPage;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A page of dead letters, newest first.
 *
 * @param retained how many there are in all
 * @param expired how many there were that are no longer kept
 * @param before what to ask for to see older ones; absent on the last page
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record DeadLetters(
        List<Line> deadLetters,
        long retained,
        long expired,
        @Nullable Long before) {

    static final int LIMIT = 50;
    static final int MOST = 200;

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

    static DeadLetters of(DeadLetterPage page, int limit) {
        List<Line> lines = page.entries().stream().map(Line::of).toList();
        boolean more = lines.size() == limit && lines.get(limit - 1).number() > 0;
        return new DeadLetters(
                lines,
                page.retained(),
                page.expired(),
                more ? lines.get(limit - 1).number() : null);
    }

    /** The page that is asked for: {@code limit} and {@code before}, both optional. */
    static Reply reply(Optional<String> limit, Optional<String> before, Reader reader) {
        try {
            int most = limit.map(Integer::parseInt).orElse(LIMIT);
            long below = before.map(Long::parseLong).orElse(Long.MAX_VALUE);
            if (most >= 1 && most <= MOST && below >= 0) {
                return Reply.json(200, of(reader.read(below, most), most));
            }
        } catch (NumberFormatException e) {
            // Told below, like every other number that is out of range.
        }
        return Reply.error(400, "expected: limit 1 to " + MOST + ", before a number that a page gave");
    }

    /** Reads from the log. */
    interface Reader {
        DeadLetterPage read(long before, int limit);
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
