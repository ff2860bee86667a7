package io.tidegate.gateway.ingest.files;

import io.tidegate.gateway.decode.Limits;
import io.tidegate.gateway.decode.LineDecoder;
import io.tidegate.gateway.decode.accesslog.AccessLog;
import io.tidegate.gateway.decode.accesslog.AccessLogLines;
import io.tidegate.gateway.decode.accesslog.LinePrefix;
import io.tidegate.gateway.decode.readings.JsonReadings;
import io.tidegate.gateway.decode.readings.ReadingLines;
import java.util.List;
import java.util.Optional;

/** Makes a {@link LineDecoder} for each file. Thread-safe. */
public final class LineDecoders {

    private final AccessLog.Reader weblogs;
    private final Limits limits;
    private final JsonReadings json;

    /** Decoders within the limits of messages. */
    public LineDecoders(AccessLog.Reader weblogs, Limits limits) {
        this.weblogs = weblogs;
        this.limits = limits;
        this.json = new JsonReadings(limits);
    }

    /**
     * A decoder for a file.
     *
     * @param host where a log is from, for lines that do not name a virtual host
     * @param strip what stands in front of each line of a log
     * @param directives what {@link LineDecoder#directives} gave where the file was left; at its beginning: none
     */
    public LineDecoder open(LineDecoder.Kind kind, Optional<String> host, LinePrefix strip, List<String> directives) {
        return switch (kind) {
            case WEBLOG -> new AccessLogLines(weblogs.resume(strip, directives), host, limits);
            case READINGS -> new ReadingLines(json, limits);
        };
    }
}
