package io.tidegate.gateway.ingest.files;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The logs that are held open, a bounded number: the one that was used longest ago is closed for the next, first among those
 * that can be opened again. Not thread-safe.
 */
final class OpenLogs {

    private final int most;
    // The one that was used last is the last one.
    private final Set<TailedLog> open = new LinkedHashSet<>();

    OpenLogs(int most) {
        this.most = most;
    }

    /** It is open, and in use. */
    void used(TailedLog file) {
        open.remove(file);
        open.add(file);
        if (open.size() > most) {
            open.stream()
                    .filter(each -> each != file && !each.isGone())
                    .findFirst()
                    .or(() -> open.stream().findFirst())
                    .ifPresent(TailedLog::close);
        }
    }

    /** It was closed. */
    void closed(TailedLog file) {
        open.remove(file);
    }
}
