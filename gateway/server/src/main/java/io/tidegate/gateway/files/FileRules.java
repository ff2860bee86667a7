package io.tidegate.gateway.files;

import io.tidegate.gateway.decode.LineDecoder;
import io.tidegate.gateway.source.Layers;
import java.time.Duration;
import java.util.Optional;

/**
 * What all sources of files have in common.
 *
 * @param decoder what a line is
 * @param host where logs are from, for lines that do not name a virtual host
 * @param poll the pause behind a look that found nothing
 * @param maxBatch about so many events travel to the log together at most
 */
record FileRules(LineDecoder.Kind decoder, Optional<String> host, Duration poll, int maxBatch) {

    static FileRules from(Layers layers) {
        return new FileRules(
                layers.at("decoder").choice("decoder", LineDecoder.Kind.class),
                Optional.of(layers.at("host").string("host")).filter(host -> !host.isEmpty()),
                layers.at("poll").duration("poll", Duration.ofMillis(10), Duration.ofHours(1)),
                layers.at("max-batch").integer("max-batch", 1, 100_000));
    }

    FileSource.Pace pace() {
        return new FileSource.Pace(poll, maxBatch);
    }
}
