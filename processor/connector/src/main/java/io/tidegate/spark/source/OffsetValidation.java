package io.tidegate.spark.source;

import io.tidegate.spark.client.internal.LogStatus;
import java.util.List;
import java.util.Map;

/** Whether offsets belong to the logs that answer. */
final class OffsetValidation {

    private OffsetValidation() {}

    /**
     * Returns when every position lies in the log of the gateway that it names, or before its oldest event.
     *
     * @param what the offsets are, for people
     * @param logs by gateway
     * @throws IllegalStateException when one does not, with the way out
     */
    static void check(String what, LogOffset offset, Map<String, LogStatus> logs) {
        offset.positions().forEach((gateway, positions) -> {
            LogStatus log = logs.get(gateway);
            if (log == null) {
                throw strange(
                        what,
                        offset,
                        "gateway '" + gateway + "' (expected: one of " + logs.keySet() + ", which"
                                + " answer). Way out: give option gateway the address of '" + gateway + "'");
            }
            check(what, offset, positions, log);
        });
    }

    private static void check(String what, LogOffset offset, List<Long> positions, LogStatus log) {
        if (positions.size() != log.ends().size()) {
            throw strange(
                    what,
                    offset,
                    "gateway '" + log.gateway() + "', " + positions.size() + " key groups (expected: "
                            + log.ends().size() + ", as it has now). Its log was begun anew, and its offsets with it");
        }
        for (int keyGroup = 0; keyGroup < positions.size(); keyGroup++) {
            if (positions.get(keyGroup) > log.ends().get(keyGroup)) {
                throw strange(
                        what,
                        offset,
                        "gateway '" + log.gateway() + "', key group " + keyGroup + ", position "
                                + positions.get(keyGroup) + " (expected: at most "
                                + log.ends().get(keyGroup) + ", the end of"
                                + " its log). It is the log of another gateway, or its folder was replaced by an older one");
            }
        }
    }

    private static IllegalStateException strange(String what, LogOffset offset, String why) {
        return new IllegalStateException(what + ": " + why + ". Offsets: " + offset.json() + ". " + QueryName.here()
                + ". Way out, if that log is gone for good: begin anew, with an empty checkpoint and startingOffsets or"
                + " startingTime");
    }
}
