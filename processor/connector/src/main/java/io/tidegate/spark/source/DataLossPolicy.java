package io.tidegate.spark.source;

import io.tidegate.spark.client.internal.OffsetRange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of events that a log has forgotten before they were read: the query ends, or they are skipped, logged and
 * counted. One thread.
 */
final class DataLossPolicy {

    private static final Logger LOG = LoggerFactory.getLogger(DataLossPolicy.class);

    private final boolean fail;
    private long skipped;

    /** @param fail what option {@code failOnDataLoss} says */
    DataLossPolicy(boolean fail) {
        this.fail = fail;
    }

    /**
     * Ends the query, or skips the events.
     *
     * @param asked what was to be read, for people
     * @throws DataLossException unless they are skipped
     */
    void lost(String gateway, OffsetRange gone, String asked) {
        String what = gone.count() + " events of gateway '" + gateway + "' are no longer in its log: " + gone
                + ". Asked: " + asked + ". " + QueryName.here();
        if (fail) {
            throw new DataLossException(
                    what + ". Way out: failOnDataLoss=false goes on without them and counts them; or"
                            + " begin anew, with an empty checkpoint. To keep events for longer: option group, or"
                            + " tidegate.gateway.log.min-retention");
        }
        LOG.warn("{}. They are skipped (failOnDataLoss=false)", what);
        skipped += gone.count();
    }

    /** How many events were skipped. */
    long skipped() {
        return skipped;
    }
}
