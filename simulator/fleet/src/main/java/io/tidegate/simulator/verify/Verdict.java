package io.tidegate.simulator.verify;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the oracle says about the answers to one query.
 *
 * @param place where it was answered, of a query that answers in a table
 * @param notJudged why there is no verdict
 * @param detection which faults were found, of a query of kind {@code anomaly}
 * @param differences every answer that is not right, in full
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Verdict(
        String query,
        String kind,
        @Nullable String place,
        @JsonUnwrapped Counts counts,
        @Nullable String notJudged,
        @Nullable Detection detection,
        List<String> differences) {

    /**
     * How many answers are what.
     *
     * @param expected how many were expected; {@code right + wrong + missing}
     * @param unexpected answers that were not expected
     * @param late events that the processor counted as late
     * @param undecided keys of which the scenario does not decide the answer
     */
    public record Counts(
            long expected, long right, long wrong, long missing, long unexpected, long late, long undecided) {}

    static Verdict none(String query, String kind, String why) {
        return new Verdict(query, kind, null, new Counts(0, 0, 0, 0, 0, 0, 0), why, null, List.of());
    }

    /** The same, of one of the places where the query answers. */
    Verdict at(String where) {
        return new Verdict(query, kind, where, counts, notJudged, detection, differences);
    }

    /** The same, with what else is known of the query. */
    Verdict withEvents(long late, long undecided) {
        Counts all = new Counts(
                counts.expected, counts.right, counts.wrong, counts.missing, counts.unexpected, late, undecided);
        return new Verdict(query, kind, place, all, notJudged, detection, differences);
    }

    /** The same, with the faults that were found. */
    Verdict withDetection(Detection found) {
        return new Verdict(query, kind, place, counts, notJudged, found, differences);
    }

    /** The same, with a word on why there are differences. */
    Verdict because(String reason) {
        List<String> told = new ArrayList<>(List.of(reason));
        told.addAll(differences);
        return new Verdict(query, kind, place, counts, notJudged, detection, told);
    }

    /** Nothing is wrong, missing or unexpected. Nothing was compared either when it is not judged. */
    @JsonIgnore
    public boolean isRight() {
        return counts.wrong == 0 && counts.missing == 0 && counts.unexpected == 0;
    }

    /** Whether anything was compared. */
    public boolean isJudged() {
        return notJudged == null && (counts.expected > 0 || counts.unexpected > 0);
    }
}
