package io.tidegate.processor.query;

import io.tidegate.settings.Section;
import java.util.Set;

/** What runs a query of a kind that two engines can run. */
public enum Engine {
    /** DStreams: one batch for all queries, state in memory. */
    DSTREAMS,
    /** Structured Streaming: a micro-batch of its own, state in RocksDB. */
    STRUCTURED;

    private static final String KEY = "engine";
    private static final Set<String> KINDS = Set.of("sessions", "anomaly");

    /** Whether queries of a kind run on either engine. */
    public static boolean isChoiceOf(String kind) {
        return KINDS.contains(kind);
    }

    /** Reads {@code engine}; by default DStreams. */
    public static Engine read(Section section) {
        return section.has(KEY) ? section.choice(KEY, Engine.class) : DSTREAMS;
    }

    /** Whether a query is one for Structured Streaming that is not in SQL. Tells no mistakes. */
    public static boolean isStructured(Section section) {
        return isChoiceOf(section.optionalString("kind").orElse(""))
                && section.optionalString(KEY).orElse("").equals("structured");
    }
}
