package io.tidegate.simulator.verify;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.tidegate.simulator.json.Json;
import java.util.List;
import java.util.Locale;

/** Verdicts for people and for programs. */
@JsonPropertyOrder({"scenario", "right", "verdicts"})
public record Report(String scenario, List<Verdict> verdicts) {
    private static final int SHOWN = 5;

    /** Everything that was judged is right, and something was. */
    public boolean isRight() {
        return verdicts.stream().allMatch(Verdict::isRight) && verdicts.stream().anyMatch(Verdict::isJudged);
    }

    /** For programs, with every difference. */
    public String json() {
        return Json.write(this);
    }

    /** A table, then what was found of the faults, then the first differences in full, then the verdict. */
    public String text() {
        StringBuilder text = new StringBuilder();
        line(text, "query", "kind", "expected", "right", "wrong", "missing", "unexpected", "late", "");
        verdicts.forEach(verdict -> row(text, verdict));
        verdicts.forEach(verdict -> detection(text, verdict));
        verdicts.forEach(verdict -> differences(text, verdict));
        text.append(
                "Windows, top lists and counts go by batch time, which no scenario knows: compared is what they add up"
                        + " to over all batches.\n");
        return text.append(scenario)
                .append(isRight() ? ": right\n" : ": NOT RIGHT\n")
                .toString();
    }

    private static void row(StringBuilder text, Verdict verdict) {
        String place = verdict.place() == null ? "" : "  " + verdict.place();
        if (verdict.notJudged() != null) {
            String why = place + "  not judged: " + verdict.notJudged();
            line(text, verdict.query(), verdict.kind(), "-", "-", "-", "-", "-", "-", why);
            return;
        }
        line(
                text,
                verdict.query(),
                verdict.kind(),
                verdict.counts().expected(),
                verdict.counts().right(),
                verdict.counts().wrong(),
                verdict.counts().missing(),
                verdict.counts().unexpected(),
                verdict.counts().late(),
                place
                        + (verdict.counts().undecided() == 0
                                ? ""
                                : "  undecided keys: " + verdict.counts().undecided()));
    }

    private static void detection(StringBuilder text, Verdict verdict) {
        if (verdict.detection() != null) {
            text.append(verdict.query())
                    .append(where(verdict))
                    .append(": ")
                    .append(verdict.detection().text())
                    .append('\n');
        }
    }

    private static String where(Verdict verdict) {
        return verdict.place() == null ? "" : " in " + verdict.place();
    }

    private static void differences(StringBuilder text, Verdict verdict) {
        List<String> differences = verdict.differences();
        String where = where(verdict);
        differences.stream()
                .limit(SHOWN)
                .forEach(difference -> text.append(verdict.query())
                        .append(where)
                        .append(": ")
                        .append(difference)
                        .append('\n'));
        if (differences.size() > SHOWN) {
            text.append(verdict.query())
                    .append(where)
                    .append(": and ")
                    .append(differences.size() - SHOWN)
                    .append(" more\n");
        }
    }

    private static void line(StringBuilder text, Object... cells) {
        text.append(String.format(Locale.ROOT, "%-18s %-9s %8s %7s %6s %8s %11s %6s%s", cells))
                .append('\n');
    }
}
