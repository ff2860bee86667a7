package io.tidegate.simulator.verify;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the oracle says about the answers to one query.
 *
 * @param expected how many answers were expected; {@code right + wrong + missing}
 * @param unexpected answers that nobody expected
 * @param late events that the processor counted as late
 * @param undecided keys of which the scenario does not decide the answer
 * @param notJudged why there is no verdict
 * @param differences every answer that is not right, in full
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Verdict(
        String query,
        String kind,
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
        return new Verdict(query, kind, 0, 0, 0, 0, 0, 0, 0, why, List.of());
    }

    /** Nothing is wrong, missing or unexpected. Nothing was compared either when it is not judged. */
    boolean isRight() {
        return wrong == 0 && missing == 0 && unexpected == 0;
    }

    /** Whether anything was compared. */
    boolean isJudged() {
        return notJudged == null && right + wrong + missing + unexpected > 0;
    }
}
