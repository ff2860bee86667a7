package io.tidegate.gateway.log;

import java.util.Arrays;
import java.util.Objects;

/**
 * A message that could not become events, kept for a person to look at.
 *
 * @param timeMs the gateway's clock at receipt
 * @param source the source that handed it over
 * @param origin the topic, path or peer that it came from
 * @param reason kebab-case, from a bounded set: it labels a metric
 * @param detail a sentence for people
 * @param decoder who gave up on it
 * @param raw the first {@value #RAW_LIMIT} bytes of it
 * @param rawLength how long it was
 */
@SuppressWarnings("ArrayRecordComponent") // compared by content below
public record DeadLetter(
        long timeMs,
        String source,
        String origin,
        String reason,
        String detail,
        String decoder,
        byte[] raw,
        int rawLength) {

    /** How many bytes of a message are kept. */
    public static final int RAW_LIMIT = 64 * 1024;

    /** Cuts what is too long: {@code raw} may be handed over whole. */
    public DeadLetter {
        raw = raw.length > RAW_LIMIT ? Arrays.copyOf(raw, RAW_LIMIT) : raw;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DeadLetter that
                && timeMs == that.timeMs
                && source.equals(that.source)
                && origin.equals(that.origin)
                && reason.equals(that.reason)
                && detail.equals(that.detail)
                && decoder.equals(that.decoder)
                && Arrays.equals(raw, that.raw)
                && rawLength == that.rawLength;
    }

    @Override
    public int hashCode() {
        return Objects.hash(timeMs, source, origin, reason, Arrays.hashCode(raw));
    }

    @Override
    public String toString() {
        return "DeadLetter[" + reason + ": " + detail + ", from " + source + ", " + rawLength + " bytes]";
    }
}
