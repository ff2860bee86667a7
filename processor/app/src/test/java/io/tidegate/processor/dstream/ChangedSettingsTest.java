package io.tidegate.processor.dstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.processor.query.Query;
import io.tidegate.processor.query.QueryKind;
import io.tidegate.processor.query.Target;
import io.tidegate.processor.structured.KeyedQuery;
import io.tidegate.processor.structured.StructuredQuery;
import io.tidegate.protocol.v1.Event;
import io.tidegate.protocol.v1.Reading;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What may change in the configuration between two starts, and the state goes on. */
class ChangedSettingsTest {

    @TempDir
    Path folder;

    @BeforeEach
    void empty() {
        ScriptedGateway.forget();
    }

    @Test
    void results_go_where_the_newest_start_says_and_the_queries_may_stand_in_another_order() {
        Query devices = StreamGraphTest.query("devices", "", List.of("device"), new QueryKind.Totals(0));
        Query metrics = StreamGraphTest.query("metrics", "", List.of("metric"), new QueryKind.Totals(0));
        write(1_000);
        write(2_000);

        try (JobHarness job =
                JobHarness.start(plan(to(Target.FILES, metrics), to(Target.FILES, devices)), folder, "")) {
            job.runThrough(1_000);
            assertThat(job.published()).isEmpty();
        }
        try (JobHarness job = JobHarness.start(plan(devices, metrics), folder, "")) {
            job.runThrough(2_000);

            assertThat(job.of("tidegate/totals/", 2_000))
                    .extracting(one -> one.topic() + " " + one.json().get("count"))
                    .containsExactlyInAnyOrder("tidegate/totals/devices/d 2", "tidegate/totals/metrics/m 2");
        }
    }

    @Test
    void more_keys_are_kept_from_the_start_on_whose_configuration_allows_them() {
        for (int device = 0; device < 8; device++) {
            write(1_000, "d" + device);
            write(2_000, "d" + device);
            write(3_000, "d" + device);
        }
        int fourGroups = ScriptedGateway.KEY_GROUPS;

        try (JobHarness job = JobHarness.start(plan(totals(fourGroups, QueryKind.UNBOUNDED)), folder, "")) {
            job.runThrough(1_000);
            assertThat(job.stateSize("devices").keys()).isLessThanOrEqualTo(fourGroups);
        }
        try (JobHarness job = JobHarness.start(plan(totals(8L * fourGroups, QueryKind.UNBOUNDED)), folder, "")) {
            job.runThrough(2_000);
            assertThat(job.stateSize("devices").keys()).isEqualTo(8);
            job.runThrough(3_000);
            assertThat(job.of("tidegate/totals/", 3_000))
                    .extracting(one -> one.json().get("count").asInt())
                    .hasSize(8)
                    .allMatch(count -> count >= 2);
        }
    }

    @Test
    void how_long_a_key_is_kept_is_what_the_newest_start_says() {
        write(1_000, "d");
        write(5_000, "e");

        try (JobHarness job = JobHarness.start(plan(totals(QueryKind.UNBOUNDED, 2_000)), folder, "")) {
            job.runThrough(2_000);
        }
        try (JobHarness job = JobHarness.start(plan(totals(QueryKind.UNBOUNDED, 60_000)), folder, "")) {
            job.runThrough(5_000);
            assertThat(job.stateSize("devices").keys()).isEqualTo(2);
            assertThat(job.stateSize("devices").forgotten()).isZero();
        }
        try (JobHarness job = JobHarness.start(plan(totals(QueryKind.UNBOUNDED, 2_000)), folder, "")) {
            job.runThrough(6_000);
            assertThat(job.stateSize("devices").keys()).isEqualTo(1);
        }
    }

    @Test
    void bounds_of_the_state_and_destinations_are_not_frozen_and_what_is_counted_is() {
        Query query = totals(7, 8_000);

        assertThat(to(Target.JDBC, totals(9, QueryKind.UNBOUNDED)).frozen()).isEqualTo(query.frozen());
        assertThat(sessions(5, 1_000).frozen()).isEqualTo(sessions(6, 1_000).frozen());
        assertThat(sessions(5, 1_000).frozen()).isNotEqualTo(sessions(5, 2_000).frozen());
        assertThat(structured(5, 1_000).frozen()).isEqualTo(structured(6, 1_000).frozen());
        assertThat(structured(5, 1_000).frozen())
                .isNotEqualTo(structured(5, 2_000).frozen());
    }

    private static Query totals(long maxKeys, long forgetAfterMs) {
        return StreamGraphTest.query("devices", "", List.of("device"), new QueryKind.Totals(0, maxKeys, forgetAfterMs));
    }

    private static Query sessions(long maxKeys, long gapMs) {
        return StreamGraphTest.query("visits", "", List.of("device"), new QueryKind.Sessions(gapMs, 0, 0, maxKeys));
    }

    private static KeyedQuery structured(long maxKeys, long gapMs) {
        return new KeyedQuery(sessions(maxKeys, gapMs), new StructuredQuery.Pace(Duration.ofSeconds(1), 1));
    }

    private static JobPlan plan(Query... queries) {
        return JobPlan.of(List.of(queries), ScriptedGateway.KEY_GROUPS, 2, "gw");
    }

    private static Query to(Target target, Query query) {
        return new Query(query.name(), query.rows(), query.kind(), List.of(target));
    }

    private static void write(long batchMs) {
        write(batchMs, "d");
    }

    private static void write(long batchMs, String device) {
        ScriptedGateway.write(
                batchMs,
                0,
                Event.newBuilder()
                        .setTimeUs(1_700_000_000_000_000L)
                        .setReceivedMs(batchMs - 1)
                        .setReading(Reading.newBuilder()
                                .setDevice(device)
                                .setMetric("m")
                                .setValue(1))
                        .build());
    }
}
