package io.tidegate.simulator.web;

import io.tidegate.settings.Section;
import io.tidegate.simulator.fleet.MetricReader;
import io.tidegate.simulator.web.WebShape.Bursts;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The settings under {@code tidegate.simulator.web}; reference.conf is their manual.
 *
 * @param host the web server, for the topic
 * @param to where the lines go
 * @param url of {@code /ingest/logs}
 * @param spoolDir where complete files appear
 * @param linesPerFile how many lines such a file has
 * @param file the log that grows
 */
public record WebSettings(WebShape shape, String host, Target to, URI url, Path spoolDir, int linesPerFile, Path file) {

    private static final Duration LONGEST = Duration.ofDays(365);
    private static final Duration MILLISECOND = Duration.ofMillis(1);

    /** Where log lines can go. */
    public enum Target {
        /** {@code weblogs/{host}} at the fleet's broker. */
        MQTT,
        /** A gateway's {@code /ingest/logs}. */
        HTTP,
        /** A folder in which complete files appear. */
        SPOOL,
        /** A file that grows. */
        FILE
    }

    /** Reads every setting; mistakes are collected in the section. */
    public static WebSettings from(Section section) {
        return new WebSettings(
                shape(section),
                MetricReader.name(section, "host"),
                section.choice("to", Target.class),
                url(section),
                Path.of(section.string("spool-dir")),
                section.integer("lines-per-file", 1, 10_000_000),
                Path.of(section.string("file")));
    }

    /** Reads what the traffic looks like. */
    public static WebShape shape(Section section) {
        Section bursts = section.child("bursts");
        return new WebShape(
                section.number("rate", 0, 1_000_000),
                section.integer("visitors", 1, 1_000_000),
                section.number("robots", 0, 1),
                section.duration("visit", MILLISECOND, LONGEST),
                section.duration("away", Duration.ZERO, LONGEST),
                section.integer("pages", 1, 1_000_000),
                section.number("skew", 0, 10),
                new Bursts(
                        bursts.duration("every", Duration.ZERO, LONGEST),
                        bursts.duration("length", Duration.ZERO, LONGEST),
                        bursts.number("factor", 1, 1_000)),
                section.number("damaged", 0, 1));
    }

    private static URI url(Section section) {
        try {
            URI url = URI.create(section.string("url"));
            if (url.getScheme() != null && url.getScheme().startsWith("http") && url.getHost() != null) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            // told below like every other shape that is not an address
        }
        section.mistake("url", "http://host:port/ingest/logs");
        return URI.create("http://localhost:8470/ingest/logs");
    }
}
