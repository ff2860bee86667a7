package io.tidegate.spark.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.spark.event.EventTable;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceOptionsTest {

    @Test
    void the_defaults_are_those_of_the_manual() {
        assertThat(options(Map.of()))
                .isEqualTo(new SourceOptions(
                        List.of("localhost:9470"),
                        EventTable.READINGS,
                        OffsetSpec.Moving.EARLIEST,
                        Optional.empty(),
                        Optional.empty(),
                        true,
                        Optional.empty(),
                        50_000,
                        false,
                        Duration.ofMinutes(10)));
    }

    @Test
    void every_option_can_be_given_in_any_case() {
        assertThat(options(Map.of(
                        "GATEWAY", " a:1 , [::1]:2",
                        "From", "Requests",
                        "STARTINGTIME", "2026-11-22T10:00:00+01:00",
                        "endingoffsets", "{\"gateways\":{\"a\":[1]}}",
                        "maxeventspertrigger", "7",
                        "failondataloss", "FALSE",
                        "Group", "mine",
                        "eventsPERpartition", "9",
                        "TICKS", "true",
                        "gatewaytimeout", "90s")))
                .isEqualTo(new SourceOptions(
                        List.of("a:1", "[::1]:2"),
                        EventTable.REQUESTS,
                        new OffsetSpec.Received(Instant.parse("2026-11-22T09:00:00Z")),
                        Optional.of(new OffsetSpec.At(LogOffset.of(Map.of("a", List.of(1L))))),
                        Optional.of(7L),
                        false,
                        Optional.of("mine"),
                        9,
                        true,
                        Duration.ofSeconds(90)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gateway | '' | option gateway: not given (expected: host:port",
                "gateway | localhost | option gateway: localhost (expected: host:port",
                "gateway | a:1,a:1 | option gateway: a:1,a:1 (expected: host:port",
                "from | metrics | option from: metrics (expected: readings or requests)",
                "startingOffsets | newest | startingOffsets: offset: newest (expected: {\"gateways\"",
                "endingOffsets | earliest | endingOffsets: offset: earliest (expected: {\"gateways\"",
                "startingTime | yesterday | option startingTime: yesterday (expected: a time of receipt",
                "maxEventsPerTrigger | 0 | option maxEventsPerTrigger: 0 (expected: a whole number, 1 or more)",
                "failOnDataLoss | no | option failOnDataLoss: no (expected: true or false)",
                "group | a b | option group: a b (expected: 1 to 120 characters",
                "gatewayTimeout | soon | option gatewayTimeout: soon (expected: a duration like 30s",
            })
    void a_wrong_one_is_refused_with_its_name_its_value_and_what_is_expected(
            String name, String value, String message) {
        assertThatThrownBy(() -> options(Map.of(name, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void one_that_nobody_reads_is_refused_and_the_nearest_is_named_first() {
        assertThatThrownBy(() -> options(Map.of("maxEventPerTriger", "7")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "tidegate, option maxEventPerTriger: unknown (expected: any of maxEventsPerTrigger, ")
                .hasMessageContaining("gatewayTimeout");
    }

    @Test
    void a_time_and_offsets_exclude_each_other() {
        assertThatThrownBy(() -> options(Map.of("startingTime", "2026-11-22T10:00:00Z", "startingOffsets", "latest")))
                .hasMessageContaining("not together with startingOffsets");
    }

    @Test
    void what_makes_no_sense_for_a_batch_or_for_a_stream_is_refused_there() {
        assertThatThrownBy(() -> options(Map.of("startingOffsets", "latest")).checkedForBatch())
                .hasMessageContaining("startingOffsets: latest");
        assertThatThrownBy(() ->
                        options(Map.of("endingTime", "2026-11-22T10:00:00Z")).checkedForStream())
                .hasMessageContaining("does not end");
    }

    private static SourceOptions options(Map<String, String> given) {
        Map<String, String> all = new HashMap<>();
        boolean cased = given.containsKey("GATEWAY");
        if (!cased) {
            all.put("gateway", "localhost:9470");
            all.put("from", "readings");
        }
        all.putAll(given);
        return SourceOptions.of(new CaseInsensitiveStringMap(all));
    }
}
