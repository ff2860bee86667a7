package io.tidegate.simulator.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.simulator.fleet.Reading;
import io.tidegate.simulator.oracle.QueryFile;
import io.tidegate.simulator.watch.Result;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TotalsCheckTest {
    private static final int MESSAGES = 600;

    private final AtomicLong sinceStartMs = new AtomicLong(60_000);
    private List<Reading> sent = List.of();
    private TotalsCheck check;

    @BeforeEach
    void begin() throws Exception {
        PlannedTraffic traffic = CorrectResults.traffic();
        sent = CorrectResults.readings(traffic, MESSAGES);
        check = new TotalsCheck("reading-totals", traffic.messages(), sinceStartMs::get);
    }

    @Test
    void totals_are_right_however_many_readings_came_at_once_and_repeated_ones_count_once() {
        assertThat(Set.copyOf(sent)).hasSizeLessThan(MESSAGES);

        for (int messages = 7; messages <= MESSAGES; messages += messages / 3) {
            assertThat(CorrectResults.totals(sent.subList(0, messages)))
                    .allSatisfy(total -> assertThat(check.check(total)).isEmpty());
        }
        assertThat(check.wrong()).isZero();
    }

    @Test
    void one_falsified_field_is_wrong_and_told_with_what_was_expected() {
        Result total = CorrectResults.totals(sent).get(0);
        double sum = total.body().get("sum").doubleValue();

        assertThat(check.check(CorrectResults.falsified(total, "sum", sum + 0.01)))
                .hasValueSatisfying(told -> assertThat(told)
                        .contains("reading-totals: "
                                + total.body().at("/key/device").asText())
                        .contains("sum is ")
                        .endsWith("expected " + sum));
        for (String field : List.of("mean", "min", "max")) {
            double value = total.body().get(field).doubleValue();
            assertThat(check.check(CorrectResults.falsified(total, field, value + 1e-6)))
                    .as(field)
                    .isPresent();
        }
        for (String field : List.of("since", "until")) {
            assertThat(check.check(CorrectResults.falsified(total, field, "2026-11-22T09:59:59.999Z")))
                    .as(field)
                    .isPresent();
        }
        assertThat(check.wrong()).isEqualTo(6);
        assertThat(check.tally()).isEqualTo("0 totals right, 6 wrong");
        assertThat(check.differences()).hasSize(5);
        assertThat(check.check(total)).isEmpty();
    }

    @Test
    void one_reading_too_many_or_too_few_is_wrong() {
        Result total = CorrectResults.totals(sent).get(0);
        double count = total.body().get("count").doubleValue();

        assertThat(check.check(CorrectResults.falsified(total, "count", count - 1)))
                .isPresent();
        assertThat(check.check(CorrectResults.falsified(total, "count", count + 1)))
                .isPresent();
    }

    @Test
    void a_total_of_more_than_can_have_been_sent_is_wrong_although_the_plan_goes_on() {
        Result total = CorrectResults.totals(sent).get(0);

        assertThat(check.check(CorrectResults.falsified(total, "count", 1e9)))
                .hasValueSatisfying(
                        told -> assertThat(told).contains("count is 1000000000, expected no more than the "));
    }

    @Test
    void a_total_that_comes_again_is_right_and_one_that_steps_back_is_wrong() {
        Result before = CorrectResults.totals(sent.subList(0, 300)).get(0);
        Result total = CorrectResults.totals(sent).stream()
                .filter(result -> result.topic().equals(before.topic()))
                .findFirst()
                .orElseThrow();

        assertThat(check.check(before)).isEmpty();
        assertThat(check.check(before)).isEmpty();
        assertThat(check.check(total)).isEmpty();
        assertThat(check.check(before)).isPresent();
    }

    @Test
    void other_results_are_not_judged() {
        check.check(Result.of("tidegate/totals/traffic/x", "{\"count\":1}".getBytes(StandardCharsets.UTF_8)));
        check.check(Result.of("tidegate/counts/reading-totals/x", "{\"count\":1}".getBytes(StandardCharsets.UTF_8)));

        assertThat(check.tally()).isEqualTo("0 totals right, 0 wrong");
    }

    @Test
    void totals_of_all_readings_by_device_and_metric_are_understood_and_no_others(@TempDir Path folder)
            throws Exception {
        Path file = folder.resolve("processor.conf");
        Files.writeString(file, """
                tidegate.processor.queries = [
                  { name = a, kind = totals, from = readings, by = [device] }
                  { name = b, kind = totals, from = readings, by = [device, metric], where = "value > 3" }
                  { name = c, kind = counts, from = readings, by = [device, metric] }
                  { name = d, kind = totals, from = requests, by = [host, status] }
                  { name = e, kind = totals, from = readings, by = [device, metric] }
                ]""");

        assertThat(QueryFile.read(file).queries())
                .filteredOn(TotalsCheck::canCheck)
                .extracting("name")
                .containsExactly("e");
    }
}
