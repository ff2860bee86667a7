package io.tidegate.gateway.ops;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tidegate.gateway.http.Reply;
import io.tidegate.gateway.ingest.SourceHealth;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether the gateway can do its work.
 *
 * @param reasons sentences for people, none when it is ready
 */
public record Readiness(State state, List<String> reasons) {

    /** How well it works. */
    public enum State {
        /** It works. */
        READY,
        /** It works, something needs a person. */
        DEGRADED,
        /** It can't do its work. */
        UNREADY
    }

    /** Keeps its own copy. */
    public Readiness {
        reasons = List.copyOf(reasons);
    }

    /**
     * Judges.
     *
     * @param recovering key groups that are still reading their log
     * @param full why the log takes nothing more, if it does not
     * @param degraded what else needs a person
     */
    public static Readiness of(
            List<SourceHealth> sources, int recovering, Optional<String> full, List<String> degraded) {
        List<String> reasons = new ArrayList<>();
        if (recovering > 0) {
            reasons.add("starting: " + recovering + " key groups are reading their log");
        }
        full.ifPresent(reason -> reasons.add("nothing is acknowledged: " + reason));
        reasons.addAll(degraded);
        List<SourceHealth> away =
                sources.stream().filter(source -> !source.isRunning()).toList();
        away.forEach(source -> reasons.add("source " + source.source() + ": " + source.detail()));
        boolean deaf = !sources.isEmpty() && away.size() == sources.size();
        if (recovering > 0 || deaf) {
            return new Readiness(State.UNREADY, reasons);
        }
        return new Readiness(reasons.isEmpty() ? State.READY : State.DEGRADED, reasons);
    }

    /** While it stops, it says so. */
    public static Readiness stopping() {
        return new Readiness(State.UNREADY, List.of("stopping"));
    }

    Reply reply() {
        String status = state.name().toLowerCase(Locale.ROOT);
        int code = state == State.UNREADY ? 503 : 200;
        return Reply.json(code, new Body(status, reasons));
    }

    private record Body(
            String status,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> reasons) {}
}
