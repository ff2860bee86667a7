package io.tidegate.simulator.verify;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the oracle says about the answers to one query.
 *
 * @param place where it was answered, of a query that answers in a table
 * @param expected how many answers were expected; {@code right + wrong + missing}
 * @param unexpected answers that nobody expected
 * @param late events that the processor counted as late
 * @param undecided keys of which the scenario does not decide the answer
 * @param notJudged why there is no verdict
 * @param differences every answer that is not right, in full
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Verdict(
        String query,
        String kind,
        @Nullable String place,
        long expected,
        long right,
        long wrong,
        long missing,
        long unexpected,
        long late,
        long undecided,
        @Nullable String notJudged,
        List<String> differences) {

    static Verdict none(String query, String kind, String why) {
        return new Verdict(query, kind, null, 0, 0, 0, 0, 0, 0, 0, why, List.of());
    }

    /** The same, of one of the places where the query answers. */
    Verdict at(String where) {
        return new Verdict(
                query,
                kind,
                where,
                expected,
                right,
                wrong,
                missing,
                unexpected,
                late,
                undecided,
                notJudged,
                differences);
    }

    /** The same, with a word on why there are differences. */
    Verdict because(String reason) {
        List<String> told = new ArrayList<>(List.of(reason));
        told.addAll(differences);
        return new Verdict(
                query, kind, place, expected, right, wrong, missing, unexpected, late, undecided, notJudged, told);
    }

    /** Nothing is wrong, missing or unexpected. Nothing was compared either when it is not judged. */
    public boolean isRight() {
        return wrong == 0 && missing == 0 && unexpected == 0;
    }

    /** Whether anything was compared. */
    public boolean isJudged() {
        return notJudged == null && right + wrong + missing + unexpected > 0;
    }
}
