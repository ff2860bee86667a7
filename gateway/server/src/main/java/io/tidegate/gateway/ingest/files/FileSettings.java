package io.tidegate.gateway.ingest.files;

import io.tidegate.gateway.decode.HostNames;
import io.tidegate.gateway.decode.LineDecoder;
import io.tidegate.gateway.decode.accesslog.LinePrefix;
import io.tidegate.settings.Section;
import java.time.Duration;
import java.util.Optional;

/**
 * What all sources of files have in common.
 *
 * @param decoder what a line is
 * @param host where logs are from, for lines that do not name a virtual host
 * @param strip what stands in front of each line of a log
 * @param poll the pause behind a look that found nothing
 * @param maxBatch about so many events travel to the log together at most
 */
record FileSettings(LineDecoder.Kind decoder, Optional<String> host, LinePrefix strip, Duration poll, int maxBatch) {

    static FileSettings from(Section section) {
        LineDecoder.Kind decoder = section.choice("decoder", LineDecoder.Kind.class);
        LinePrefix strip = section.choice("strip", LinePrefix.class);
        if (strip != LinePrefix.NONE && decoder != LineDecoder.Kind.WEBLOG) {
            section.mistake("strip", "none, unless decoder is weblog");
        }
        return new FileSettings(
                decoder,
                host(section),
                strip,
                section.duration("poll", Duration.ofMillis(10), Duration.ofHours(1)),
                section.integer("max-batch", 1, 100_000));
    }

    /** The host of every line, so it is as short as one that a sender names. */
    private static Optional<String> host(Section section) {
        String host = section.string("host");
        if (HostNames.flaw(host).isPresent()) {
            section.mistake(
                    "host",
                    "the name of a host, at most " + HostNames.LONGEST + " bytes, no blanks, no control characters");
        }
        return Optional.of(host).filter(given -> !given.isEmpty());
    }
}
