package io.tidegate.simulator.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class ResultFormatterTest {
    private static final ResultFormatter PLAIN = new ResultFormatter(ZoneOffset.UTC, false);

    @Test
    void a_session_tells_state_events_duration_and_means() {
        assertThat(line("tidegate/sessions/device-sessions/d1", """
                        {"query":"device-sessions","batch":1763805601000,"key":{"device":"d1"},"state":"closed",
                         "events":41,"late":0,"durationMs":12300,
                         "metrics":{"temperature":{"count":41,"min":20,"max":22,"mean":21.256,"last":21}}}"""))
                .isEqualTo("10:00:01  session  device-sessions  d1                     "
                        + "closed     41 events     12.3 s  temperature 21.26");
    }

    @Test
    void a_visit_tells_its_pages_and_where_it_began_and_ended() {
        assertThat(line("tidegate/sessions/visitors/c", """
                        {"query":"visitors","batch":1763805601000,"key":{"client":"c"},"state":"open","durationMs":2500,
                         "events":3,"late":0,"pages":3,"bytes":9,"errors":0,"entry":"/","exit":"/shop/7.html"}"""))
                .endsWith("open        3 events      2.5 s  3 pages / → /shop/7.html");
    }

    @Test
    void a_ledger_tells_what_it_can_not_explain() {
        assertThat(line("tidegate/ledger/gateway/gateway", "{\"sources\":[],\"residual\":3}"))
                .startsWith("--:--:--  ledger   gateway          gateway")
                .endsWith("residual 3");
        assertThat(line("tidegate/ledger/processor/processor", "{\"batch\":0,\"residual\":0}"))
                .startsWith("--:--:--  ledger");
    }

    @Test
    void late_events_of_a_session_are_shown_when_there_are_any() {
        assertThat(line("tidegate/sessions/s/d1", """
                        {"batch":0,"key":{"device":"d1"},"state":"open","events":1,"late":3,"durationMs":0}""")).endsWith("late 3");
    }

    @Test
    void a_total_tells_its_key_and_aggregates() {
        assertThat(line("tidegate/totals/reading-totals/d1/humidity", """
                        {"batch":1763805601000,"key":{"device":"d1","metric":"humidity"},
                         "count":120,"sum":5400.0,"mean":45.0,"min":40.125,"max":50}"""))
                .isEqualTo("10:00:01  total    reading-totals   d1 humidity            "
                        + "count 120       sum 5400      mean 45        min 40.13     max 50");
    }

    @Test
    void a_window_that_is_not_full_yet_says_so() {
        assertThat(line("tidegate/windows/temperature/d1", """
                        {"batch":1763805601000,"key":{"device":"d1"},"partial":true,"count":3,"mean":null}""")).endsWith("count 3         mean null  partial");
    }

    @Test
    void top_shows_the_first_five() {
        assertThat(line("tidegate/top/busiest", """
                        {"batch":1763805601000,"distinct":6,"total":21,"partial":false,"top":[
                         {"key":{"device":"a"},"count":6},{"key":{"device":"b"},"count":5},
                         {"key":{"device":"c"},"count":4},{"key":{"device":"d"},"count":3},
                         {"key":{"device":"e"},"count":2},{"key":{"device":"f"},"count":1}]}""")).endsWith("a 6 · b 5 · c 4 · d 3 · e 2 · …  (6 keys, 21 events)");
    }

    @Test
    void an_anomaly_tells_the_value_and_what_was_expected() {
        assertThat(line("tidegate/anomalies/odd/a", """
                        {"query":"odd","id":"odd/a/1","rev":1,"batch":1763805601000,"key":{"device":"a"},
                         "state":"anomalous","value":512.5,"score":1000,"expected":12,"low":10,"high":14}"""))
                .endsWith("anomalous  value 512.50  score 1000  expected 12  low 10  high 14");
    }

    @Test
    void a_row_of_sql_tells_its_columns_also_that_of_a_replay() {
        String row = """
                {"query":"q","id":"q/1/0/0","rev":1,"batch":1763805601000,"hour":"2025-11-22T10:00:00.000Z","n":3,"o":null}""";

        assertThat(line("tidegate/sql/q", row))
                .isEqualTo("10:00:01  row      q                                       "
                        + "hour 2025-11-22T10:00:00.000Z  n 3  o null");
        assertThat(line("tidegate-replay/sql/q", row)).isEqualTo(line("tidegate/sql/q", row));
    }

    @Test
    void presence_and_status_tell_state_and_reason() {
        assertThat(line("tidegate/devices/d1/presence", """
                        {"state":"silent","since":"2025-11-22T10:00:01.000Z","reason":"no event for 10s"}"""))
                .startsWith("10:00:01  device   d1 ")
                .endsWith("silent  no event for 10s");
        assertThat(line("tidegate/status/gateway/g1", """
                        {"state":"online","version":"0.1.0","time":"2025-11-22T10:00:01.000Z"}"""))
                .startsWith("10:00:01  status   gateway          g1 ")
                .endsWith("online  0.1.0");
    }

    @Test
    void what_is_no_result_is_shown_as_it_is_on_one_line() {
        assertThat(line("tidegate/sessions/x", "not\njson\u001b[2J")).isEqualTo("tidegate/sessions/x  not·json·[2J");
        assertThat(line("sensors/d1/temperature", "{\"value\":1}")).isEqualTo("sensors/d1/temperature  {\"value\":1}");
        assertThat(line("tidegate/sessions/x", "")).isEqualTo("tidegate/sessions/x  ");
    }

    @Test
    void a_key_can_not_move_the_cursor() {
        assertThat(line("tidegate/totals/t/x", "{\"batch\":0,\"key\":{\"device\":\"a\\u001b[2J\\nb\"},\"count\":1}"))
                .doesNotContain("\u001b", "\n");
    }

    @Test
    void colours_are_there_only_when_asked_for() {
        Result closed = result("tidegate/sessions/s/d1", "{\"batch\":0,\"state\":\"closed\"}");

        assertThat(new ResultFormatter(ZoneOffset.UTC, true).of(closed)).contains("\u001b[32mclosed\u001b[0m");
        assertThat(PLAIN.of(closed)).doesNotContain("\u001b");
    }

    private static String line(String topic, String payload) {
        return PLAIN.of(result(topic, payload));
    }

    private static Result result(String topic, String payload) {
        return Result.of(topic, payload.getBytes(StandardCharsets.UTF_8));
    }
}
