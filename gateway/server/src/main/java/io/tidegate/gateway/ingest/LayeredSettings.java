package io.tidegate.gateway.ingest;

import io.tidegate.settings.Section;

/**
 * A source's own settings over those that all sources of its kind have in common.
 *
 * @param own may repeat any key of {@code common}
 */
public record LayeredSettings(Section own, Section common) {

    /** Where this key stands. */
    public Section at(String key) {
        return own.has(key) ? own : common;
    }
}
