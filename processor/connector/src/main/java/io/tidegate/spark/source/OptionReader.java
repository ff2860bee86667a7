package io.tidegate.spark.source;

import static java.time.temporal.ChronoUnit.DAYS;
import static java.time.temporal.ChronoUnit.HOURS;
import static java.time.temporal.ChronoUnit.MILLIS;
import static java.time.temporal.ChronoUnit.MINUTES;
import static java.time.temporal.ChronoUnit.SECONDS;

import io.tidegate.spark.event.EventTable;
import io.tidegate.spark.internal.FormatOptions;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.internal.SQLConf;

/** Reads one option at a time; a wrong one is an IllegalArgumentException with name, value and what is expected. */
final class OptionReader {

    private static final Pattern ADDRESS = Pattern.compile("[^\\s:,/]+:[0-9]{1,5}|\\[[0-9a-fA-F:.]+]:[0-9]{1,5}");
    private static final Pattern GROUP = Pattern.compile("[A-Za-z0-9_.-]{0,120}");
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");

    private static final Map<String, ChronoUnit> UNITS =
            Map.of("ms", MILLIS, "s", SECONDS, "m", MINUTES, "h", HOURS, "d", DAYS);

    private final FormatOptions options;

    OptionReader(FormatOptions options) {
        this.options = options;
    }

    /** The addresses of the gateways. */
    List<String> gateways() {
        List<String> addresses = Arrays.stream(
                        options.optional("gateway").orElse("").split(",", -1))
                .map(String::strip)
                .toList();
        boolean distinct = addresses.stream().distinct().count() == addresses.size();
        if (!distinct || !addresses.stream().allMatch(a -> ADDRESS.matcher(a).matches())) {
            throw wrong(
                    "gateway",
                    "host:port of a gateway's pull protocol, or several with commas between, like"
                            + " \"localhost:9470\"");
        }
        return addresses;
    }

    /** The table. */
    EventTable from() {
        return options.optional("from")
                .flatMap(EventTable::named)
                .orElseThrow(() -> wrong("from", "readings or requests"));
    }

    /** The consumer group; empty text: none is wanted; absent: nothing was said. */
    Optional<String> group() {
        Optional<String> group =
                Optional.ofNullable(options.given().get("group")).map(String::strip);
        if (group.isPresent() && !GROUP.matcher(group.get()).matches()) {
            throw wrong("group", "1 to 120 characters of A-Z a-z 0-9 _ . -, or empty for none");
        }
        return group;
    }

    /** {@code startingOffsets} or {@code startingTime}, or the same with {@code ending}. */
    Optional<OffsetSpec> bound(String prefix) {
        Optional<String> offsets = options.optional(prefix + "Offsets");
        Optional<String> time = options.optional(prefix + "Time");
        if (offsets.isPresent() && time.isPresent()) {
            throw wrong(prefix + "Time", "not together with " + prefix + "Offsets");
        }
        return offsets.isPresent() ? offsets.map(text -> offsets(prefix, text)) : time.map(text -> time(prefix, text));
    }

    private OffsetSpec offsets(String prefix, String text) {
        for (OffsetSpec.Moving moving : OffsetSpec.Moving.values()) {
            boolean legal = moving == OffsetSpec.Moving.LATEST || prefix.equals("starting");
            if (legal && moving.name().equalsIgnoreCase(text)) {
                return moving;
            }
        }
        try {
            return new OffsetSpec.At(LogOffset.parse(text));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(prefix + "Offsets: " + e.getMessage(), e);
        }
    }

    private OffsetSpec time(String prefix, String text) {
        try {
            return new OffsetSpec.Received(instant(text));
        } catch (DateTimeException e) {
            throw wrong(
                    prefix + "Time",
                    "a time of receipt, 2026-11-22T10:00:00Z; without an offset it is in"
                            + " spark.sql.session.timeZone");
        }
    }

    private static Instant instant(String text) {
        boolean hasOffset = text.endsWith("Z") || text.matches(".*T.*[+-][0-9:]+");
        return hasOffset
                ? OffsetDateTime.parse(text).toInstant()
                : LocalDateTime.parse(text)
                        .atZone(ZoneId.of(SQLConf.get().sessionLocalTimeZone()))
                        .toInstant();
    }

    /** A whole number from 1 on. */
    Optional<Long> atLeastOne(String name) {
        return options.optional(name).map(text -> {
            if (!text.matches("[0-9]{1,18}") || Long.parseLong(text) == 0) {
                throw wrong(name, "a whole number, 1 or more");
            }
            return Long.parseLong(text);
        });
    }

    /** {@code 500ms}, {@code 10s}, {@code 5m}, {@code 2h}, {@code 1d}. */
    Optional<Duration> duration(String name) {
        return options.optional(name).map(text -> {
            Matcher matcher = DURATION.matcher(text);
            if (!matcher.matches()) {
                throw wrong(name, "a duration like 30s, 10m or 2h");
            }
            return Duration.of(Long.parseLong(matcher.group(1)), UNITS.get(matcher.group(2)));
        });
    }

    private IllegalArgumentException wrong(String name, String expected) {
        return options.mistake(name, options.optional(name).orElse("not given"), expected);
    }
}
