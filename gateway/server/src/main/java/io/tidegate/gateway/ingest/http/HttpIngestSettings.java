package io.tidegate.gateway.ingest.http;

import io.tidegate.gateway.http.BearerTokens;
import io.tidegate.settings.Section;
import java.time.Duration;

/**
 * What may be sent to us by HTTP.
 *
 * @param maxBodyBytes the largest body, before and after unpacking
 * @param maxInFlightBytes so much may be under way to the log
 * @param maxBatch about so many events travel to the log together at most
 * @param bodyTimeout a body that is not there after this long is answered 408
 * @param maxWait a request that is not on disk after this long is answered 429
 * @param rememberedAnswers how many answers to requests with an Idempotency-Key are remembered
 * @param rememberedBytes and how much memory they may take, as it is reckoned
 * @param rememberFor and for how long
 * @param senders who may send, and read dead letters
 */
public record HttpIngestSettings(
        int maxBodyBytes,
        int maxInFlightBytes,
        int maxBatch,
        Duration bodyTimeout,
        Duration maxWait,
        int rememberedAnswers,
        int rememberedBytes,
        Duration rememberFor,
        BearerTokens senders) {

    /** The source's name in ledger, metrics and dead letters. */
    public static final String SOURCE = "http";

    /** More than unpacking and checking a body takes, on a busy machine too. */
    private static final Duration UNPACKING = Duration.ofSeconds(15);

    /** So long after its head a request is answered in any case. */
    public Duration longestAnswer() {
        return bodyTimeout.plus(maxWait).plus(UNPACKING);
    }

    /** Reads {@code tidegate.gateway.http.ingest}. */
    public static HttpIngestSettings from(Section section) {
        HttpIngestSettings settings = new HttpIngestSettings(
                (int) section.bytes("max-body", 1024, 256 << 20),
                (int) section.bytes("max-in-flight", 1024, 1 << 30),
                section.integer("max-batch", 1, 100_000),
                section.duration("body-timeout", Duration.ofSeconds(1), Duration.ofMinutes(10)),
                section.duration("max-wait", Duration.ofMillis(100), Duration.ofSeconds(15)),
                section.integer("remembered-answers", 1, 1_000_000),
                (int) section.bytes("remembered-bytes", 64 << 10, 1 << 30),
                section.duration("remember-for", Duration.ofSeconds(1), Duration.ofDays(30)),
                BearerTokens.from(section));
        if (settings.maxInFlightBytes < settings.maxBodyBytes) {
            section.mistake("max-in-flight", "at least max-body");
        }
        return settings;
    }
}
