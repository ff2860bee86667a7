package io.tidegate.gateway.http;

import io.tidegate.settings.Section;

/**
 * Where the pages are.
 *
 * @param host the address to listen at
 * @param port 0: any free one
 * @param maxConnections so many connections at a time; beside them a few are kept for probes
 * @param ingest what may be sent there
 * @param senders who may send
 */
public record HttpSettings(String host, int port, int maxConnections, IngestSettings ingest, BearerTokens senders) {

    /** Reads {@code tidegate.gateway.http}. */
    public static HttpSettings from(Section section) {
        Section ingest = section.child("ingest");
        return new HttpSettings(
                section.string("host"),
                section.integer("port", 0, 65_535),
                section.integer("max-connections", 1, 1000),
                IngestSettings.from(ingest),
                BearerTokens.from(ingest));
    }
}
