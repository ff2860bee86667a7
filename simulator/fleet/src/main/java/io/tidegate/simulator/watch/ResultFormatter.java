package io.tidegate.simulator.watch;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes a result as one line: time, kind, query, key and the essentials, in columns. Pure. */
public final class ResultFormatter {
    private static final List<String> AGGREGATES =
            List.of("count", "sum", "mean", "min", "max", "stddev", "p50", "p95", "p99", "distinct");
    private static final Set<String> HEADER = Set.of("query", "id", "rev", "batch");
    private static final int SHOWN_IN_TOP = 5;

    private final DateTimeFormatter time;
    private final boolean colour;

    /** Writes times of the zone, with or without colour. */
    public ResultFormatter(ZoneId zone, boolean colour) {
        this.time = DateTimeFormatter.ofPattern("HH:mm:ss").withZone(zone);
        this.colour = colour;
    }

    /** For standard output: colours when the launcher found a terminal there and NO_COLOR is not set. */
    public static ResultFormatter forTerminal(Map<String, String> environment) {
        boolean colour = Boolean.getBoolean("tidegate.terminal") && !environment.containsKey("NO_COLOR");
        return new ResultFormatter(ZoneId.systemDefault(), colour);
    }

    /** One line without its end. */
    public String of(Result result) {
        JsonNode body = result.body();
        return switch (result.kind()) {
            case SESSION -> line(result, "session", key(body), session(body));
            case TOTAL -> line(result, "total", key(body), aggregates(body));
            case WINDOW -> line(result, "window", key(body), aggregates(body) + partial(body));
            case COUNT -> line(result, "count", key(body), aggregates(body));
            case TOP -> line(result, "top", "", top(body) + partial(body));
            case ANOMALY -> line(result, "anomaly", key(body), anomaly(body));
            case ROW -> line(result, "row", "", columns(body));
            case DEVICE -> line(result, "device", "", state(body));
            case STATUS -> line(result, "status", String.join("/", tail(result, 3)), state(body));
            case LEDGER -> line(result, "ledger", String.join("/", tail(result, 3)), residual(body));
            case OTHER -> paint(TerminalStyle.QUIET, result.topic()) + "  " + oneLine(result.text());
        };
    }

    /** What an oracle says about a query, at the time of one of its results. */
    public String verdict(Result result, String text, boolean right) {
        return line(result, "oracle", "", paint(right ? TerminalStyle.GOOD : TerminalStyle.ATTENTION, oneLine(text)));
    }

    private String line(Result result, String kind, String key, String essentials) {
        return String.format(
                Locale.ROOT,
                "%s  %-8s %-16s %-22s %s",
                paint(TerminalStyle.QUIET, when(result.body())),
                kind,
                result.levels().get(2),
                key,
                essentials);
    }

    private String session(JsonNode body) {
        String state = body.path("state").asText();
        TerminalStyle style = switch (state) {
            case "closed" -> TerminalStyle.GOOD;
            case "merged" -> TerminalStyle.ATTENTION;
            default -> TerminalStyle.PLAIN;
        };
        List<String> words = new ArrayList<>();
        words.add(paint(style, String.format(Locale.ROOT, "%-6s", state)));
        words.add(String.format(Locale.ROOT, "%5d events", body.path("events").longValue()));
        words.add(String.format(Locale.ROOT, "%7.1f s", body.path("durationMs").longValue() / 1e3));
        if (body.path("late").longValue() > 0) {
            words.add(paint(TerminalStyle.ATTENTION, "late " + body.path("late").longValue()));
        }
        if (body.has("pages")) {
            words.add(body.path("pages").longValue() + " pages "
                    + oneLine(body.path("entry").asText("")) + " → "
                    + oneLine(body.path("exit").asText("")));
        }
        body.path("metrics")
                .properties()
                .forEach(metric -> words.add(
                        metric.getKey() + " " + number(metric.getValue().path("mean"))));
        return String.join("  ", words);
    }

    private static String aggregates(JsonNode body) {
        return AGGREGATES.stream()
                .filter(body::has)
                .map(name -> String.format(Locale.ROOT, "%s %-9s", name, number(body.path(name))))
                .collect(Collectors.joining(" "))
                .stripTrailing();
    }

    private static String top(JsonNode body) {
        List<String> ranks = new ArrayList<>();
        for (JsonNode entry : body.path("top")) {
            if (ranks.size() == SHOWN_IN_TOP) {
                ranks.add("…");
                break;
            }
            ranks.add(key(entry) + " " + entry.path("count").asText());
        }
        return String.join(" · ", ranks) + "  (" + body.path("distinct").asText() + " keys, "
                + body.path("total").asText() + " events)";
    }

    private String anomaly(JsonNode body) {
        String state = body.path("state").asText();
        TerminalStyle style = switch (state) {
            case "anomalous" -> TerminalStyle.ATTENTION;
            case "recovered" -> TerminalStyle.GOOD;
            default -> TerminalStyle.PLAIN;
        };
        List<String> words = new ArrayList<>();
        words.add(paint(style, String.format(Locale.ROOT, "%-9s", state)));
        for (String name : List.of("value", "score", "expected", "low", "high", "worst")) {
            if (body.has(name)) {
                words.add(name + " " + number(body.path(name)));
            }
        }
        return String.join("  ", words);
    }

    private static String columns(JsonNode body) {
        return body.properties().stream()
                .filter(column -> !HEADER.contains(column.getKey()))
                .map(column -> oneLine(column.getKey()) + " "
                        + oneLine(
                                column.getValue().isContainerNode()
                                        ? column.getValue().toString()
                                        : number(column.getValue())))
                .collect(Collectors.joining("  "));
    }

    private String state(JsonNode body) {
        String state = body.path("state").asText();
        TerminalStyle style = state.equals("online") ? TerminalStyle.GOOD : TerminalStyle.ATTENTION;
        String why = body.path("reason").asText(body.path("version").asText());
        return paint(style, state) + (why.isEmpty() ? "" : "  " + why);
    }

    private String residual(JsonNode body) {
        String residual = body.path("residual").asText("unknown");
        return paint(residual.equals("0") ? TerminalStyle.GOOD : TerminalStyle.ATTENTION, "residual " + residual);
    }

    private String partial(JsonNode body) {
        return body.path("partial").booleanValue() ? "  " + paint(TerminalStyle.QUIET, "partial") : "";
    }

    private static String key(JsonNode body) {
        List<String> values = new ArrayList<>();
        body.path("key")
                .properties()
                .forEach(column -> values.add(oneLine(column.getValue().asText())));
        return String.join(" ", values);
    }

    private String when(JsonNode body) {
        if (body.path("batch").longValue() > 0) { // a ledger before the first batch has none
            return time.format(Instant.ofEpochMilli(body.path("batch").longValue()));
        }
        return instant(body.path("time"))
                .or(() -> instant(body.path("since")))
                .map(time::format)
                .orElse("--:--:--");
    }

    private static Optional<Instant> instant(JsonNode text) {
        try {
            return Optional.of(Instant.parse(text.asText()));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static String number(JsonNode value) {
        if (value.isIntegralNumber() || !value.isNumber()) {
            return value.asText();
        }
        double number = value.doubleValue();
        return number == Math.rint(number) && Math.abs(number) < 1e15
                ? Long.toString((long) number)
                : String.format(Locale.ROOT, "%.2f", number);
    }

    private static List<String> tail(Result result, int from) {
        return result.levels()
                .subList(Math.min(from, result.levels().size()), result.levels().size());
    }

    /** A key or a payload can hold anything, also what would move a terminal's cursor. */
    private static String oneLine(String text) {
        return text.codePoints()
                .map(point -> Character.isISOControl(point) ? '·' : point)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private String paint(TerminalStyle style, String text) {
        return colour ? style.of(text) : text;
    }
}
