package io.tidegate.gateway.http;

import io.tidegate.settings.Section;

/**
 * Where the pages are.
 *
 * @param host the address to listen at
 * @param port 0: any free one
 * @param ingest what may be sent there
 * @param senders who may send
 */
public record HttpSettings(String host, int port, IngestSettings ingest, BearerTokens senders) {

    /** Reads {@code tidegate.gateway.http}. */
    public static HttpSettings from(Section section) {
        Section ingest = section.child("ingest");
        return new HttpSettings(
                section.string("host"),
                section.integer("port", 0, 65_535),
                IngestSettings.from(ingest),
                BearerTokens.from(ingest));
    }
}
