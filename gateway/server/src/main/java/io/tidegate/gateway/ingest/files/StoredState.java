package io.tidegate.gateway.ingest.files;

import java.util.Map;

/** What the log knows of files: what was noted in the same commits as their lines. */
@FunctionalInterface
interface StoredState {

    /** The values whose keys begin so, by the rest of the key. */
    Map<String, byte[]> all(String prefix);
}
