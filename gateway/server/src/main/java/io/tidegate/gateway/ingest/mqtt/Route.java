package io.tidegate.gateway.ingest.mqtt;

import io.tidegate.gateway.decode.accesslog.LinePrefix;
import io.tidegate.settings.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Which topics go to which decoder. The wildcards of the filter say where the names are: the first {@code +} is the
 * device (of a web log: the host), the second the metric.
 *
 * @param filter an MQTT filter without {@code #}: {@code sensors/+/+}
 * @param strip what stands in front of each line of a log
 */
public record Route(String filter, Decoder decoder, LinePrefix strip) {

    /** What a payload is taken for. */
    public enum Decoder {
        /** {@code online} or {@code offline}. */
        STATUS(1),
        /** One metric, named by the topic: a number, a truth value, a text, or JSON with {@code value}. */
        METRIC(2),
        /** JSON of many metrics, or an array of such. */
        READINGS(1),
        /** Lines of an access log; the topic names the host that they come from. */
        WEBLOG(1);

        private final int wildcards;

        Decoder(int wildcards) {
            this.wildcards = wildcards;
        }

        /** The name in configuration, dead letters and metrics. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A route whose lines, if it has any, have nothing in front. */
    public Route(String filter, Decoder decoder) {
        this(filter, decoder, LinePrefix.NONE);
    }

    /** @throws IllegalArgumentException when the filter does not name what the decoder needs */
    public Route {
        if (!fits(filter, decoder)) {
            throw new IllegalArgumentException("filter: " + filter + " (expected: " + expected(decoder) + ")");
        }
    }

    /** Reads {@code tidegate.gateway.routes}: in order, the first that fits wins. */
    public static List<Route> from(List<Section> sections) {
        List<Route> routes = new ArrayList<>();
        for (Section section : sections) {
            String filter = section.string("filter");
            Decoder decoder = section.choice("decoder", Decoder.class);
            LinePrefix strip = section.has("strip") ? section.choice("strip", LinePrefix.class) : LinePrefix.NONE;
            if (strip != LinePrefix.NONE && decoder != Decoder.WEBLOG) {
                section.mistake("strip", "none, unless decoder is weblog");
            }
            if (fits(filter, decoder)) {
                routes.add(new Route(filter, decoder, strip));
            } else {
                section.mistake("filter", expected(decoder));
            }
        }
        return List.copyOf(routes);
    }

    private static boolean fits(String filter, Decoder decoder) {
        int wildcards = 0;
        for (String level : filter.split("/", -1)) {
            if (level.equals("+")) {
                wildcards++;
            } else if (level.isEmpty() || level.contains("+") || level.contains("#")) {
                return false;
            }
        }
        return wildcards == decoder.wildcards;
    }

    private static String expected(Decoder decoder) {
        return switch (decoder) {
            case METRIC -> "a filter with two +, the device and the metric, and no #";
            case WEBLOG -> "a filter with one +, the host, and no #";
            case STATUS, READINGS -> "a filter with one +, the device, and no #";
        };
    }
}
