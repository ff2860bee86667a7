package io.tidegate.simulator.scenario;

import io.tidegate.settings.Section;
import io.tidegate.simulator.fleet.MetricReader;
import io.tidegate.simulator.scenario.Fault.Span;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads what goes wrong; mistakes are collected in the section. */
final class FaultReader {
    private static final Duration LONGEST = Duration.ofDays(36_500);
    private static final Duration MILLISECOND = Duration.ofMillis(1);

    private static final List<String> KEYS =
            List.of("metric", "per-hour", "from", "chance", "by", "at", "for", "within", "factor");

    private final Set<String> metrics;
    private final Duration duration;

    /** Faults of devices with these metrics in a scenario of this length. */
    FaultReader(Set<String> metrics, Duration duration) {
        this.metrics = metrics;
        this.duration = duration;
    }

    FaultRule rule(Section section) {
        double part = section.has("part") ? section.number("part", 0, 1) : 1;
        return new FaultRule(part, fault(section));
    }

    private Fault fault(Section section) {
        Kind kind = section.choice("fault", Kind.class);
        if (!MetricReader.isNamed(section, "fault", kind)) {
            KEYS.forEach(section::has); // none of them is unknown
            return new Fault.Dropout(0);
        }
        return switch (kind) {
            case DRIFT -> new Fault.Drift(metric(section), amount(section, "per-hour"), from(section));
            case SPIKE -> new Fault.Spike(metric(section), chance(section), amount(section, "by"));
            case DROPOUT -> new Fault.Dropout(chance(section));
            case SILENCE -> new Fault.Silence(span(section));
            case DUPLICATE -> new Fault.Duplicate(chance(section), some(section, "within"));
            case OUT_OF_ORDER -> new Fault.OutOfOrder(chance(section), some(section, "within"));
            case LATE -> new Fault.Late(chance(section), late(section));
            case CLOCK_SKEW -> new Fault.ClockSkew(shift(section));
            case CLOCK_STEP -> new Fault.ClockStep(within(section, "at"), shift(section));
            case MALFORMED -> new Fault.Malformed(chance(section));
            case BURST -> new Fault.Burst(span(section), section.number("factor", 1, 10_000));
            case RECONNECT_STORM -> new Fault.ReconnectStorm(span(section));
        };
    }

    private Optional<String> metric(Section section) {
        Optional<String> metric = section.optionalString("metric");
        if (metric.isPresent() && !metrics.contains(metric.get())) {
            section.mistake("metric", "a metric of these devices: " + String.join(", ", metrics));
        }
        return metric;
    }

    private static double chance(Section section) {
        return section.number("chance", 0, 1);
    }

    private static double amount(Section section, String key) {
        return section.number(key, -1e9, 1e9);
    }

    private Span span(Section section) {
        return new Span(within(section, "at"), some(section, "for"));
    }

    private Duration from(Section section) {
        return section.has("from") ? within(section, "from") : Duration.ZERO;
    }

    private Duration within(Section section, String key) {
        return section.duration(key, Duration.ZERO, duration);
    }

    private static Duration some(Section section, String key) {
        return section.duration(key, MILLISECOND, LONGEST);
    }

    private Duration late(Section section) {
        Duration by = some(section, "by");
        if (section.has("by") && by.compareTo(duration) >= 0) {
            section.mistake("by", "less than the scenario's duration");
        }
        return by;
    }

    private static Duration shift(Section section) {
        return section.duration("by", LONGEST.negated(), LONGEST);
    }

    /** The faults as scenarios name them. */
    enum Kind {
        DRIFT,
        SPIKE,
        DROPOUT,
        SILENCE,
        DUPLICATE,
        OUT_OF_ORDER,
        LATE,
        CLOCK_SKEW,
        CLOCK_STEP,
        MALFORMED,
        BURST,
        RECONNECT_STORM
    }
}
