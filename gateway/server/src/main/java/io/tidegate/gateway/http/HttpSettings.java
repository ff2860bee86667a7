package io.tidegate.gateway.http;

import io.tidegate.settings.Section;

/**
 * Where the HTTP server listens.
 *
 * @param host the address to listen at
 * @param port 0: any free one
 * @param maxConnections so many connections at a time; beside them a few are kept for probes
 */
public record HttpSettings(String host, int port, int maxConnections) {

    /** Reads {@code tidegate.gateway.http}. */
    public static HttpSettings from(Section section) {
        return new HttpSettings(
                section.string("host"),
                section.integer("port", 0, 65_535),
                section.integer("max-connections", 1, 1000));
    }
}
