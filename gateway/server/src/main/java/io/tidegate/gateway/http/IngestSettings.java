package io.tidegate.gateway.http;

import io.tidegate.settings.Section;
import java.time.Duration;

/**
 * What may be sent to us by HTTP.
 *
 * @param maxBodyBytes the largest body, before and after unpacking
 * @param maxInFlightBytes so much may be under way to the log
 * @param maxBatch about so many events travel to the log together at most
 * @param maxWait a request that is not on disk after this long is answered 429
 * @param rememberedAnswers how many answers to requests with an Idempotency-Key are remembered
 * @param rememberFor and for how long
 */
public record IngestSettings(
        int maxBodyBytes,
        int maxInFlightBytes,
        int maxBatch,
        Duration maxWait,
        int rememberedAnswers,
        Duration rememberFor) {

    /** The source's name in ledger, metrics and dead letters. */
    public static final String SOURCE = "http";

    /** Reads {@code tidegate.gateway.http.ingest}. */
    public static IngestSettings from(Section section) {
        IngestSettings settings = new IngestSettings(
                (int) section.bytes("max-body", 1024, 256 << 20),
                (int) section.bytes("max-in-flight", 1024, 1 << 30),
                section.integer("max-batch", 1, 100_000),
                section.duration("max-wait", Duration.ofMillis(100), Duration.ofSeconds(15)),
                section.integer("remembered-answers", 1, 1_000_000),
                section.duration("remember-for", Duration.ofSeconds(1), Duration.ofDays(30)));
        if (settings.maxInFlightBytes < settings.maxBodyBytes) {
            section.mistake("max-in-flight", "at least max-body");
        }
        return settings;
    }
}
