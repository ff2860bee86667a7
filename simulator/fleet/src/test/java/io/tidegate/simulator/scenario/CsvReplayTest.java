package io.tidegate.simulator.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.simulator.fleet.CsvRows;
import io.tidegate.simulator.scenario.Step.Publish;
import java.io.StringReader;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvReplayTest {

    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final CsvMapping PLAIN =
            new CsvMapping("m1", Optional.empty(), Optional.empty(), "iso", UTC, Map.of());

    @Test
    void a_row_is_a_message_with_its_time_its_number_in_the_sequence_and_its_metrics() throws Exception {
        List<Publish> sent = play("""
                timestamp,value,note
                2013-12-02 21:15:00,73.967322,
                2013-12-02 21:20:00,"74.90",3
                """, PLAIN, 1);

        assertThat(sent).extracting(Publish::topic).containsOnly("sensors/m1");
        assertThat(sent)
                .extracting(Publish::payload)
                .containsExactly(
                        "{\"time\":\"2013-12-02T21:15:00Z\",\"seq\":1,\"value\":73.967322}",
                        "{\"time\":\"2013-12-02T21:20:00Z\",\"seq\":2,\"note\":3,\"value\":74.90}");
    }

    @Test
    void columns_are_mapped_and_a_column_may_name_the_device() throws Exception {
        CsvMapping mapping = new CsvMapping(
                "none", Optional.of("machine"), Optional.of("at"), "epoch-s", UTC, Map.of("t", "temperature"));

        List<Publish> sent = play("""
                t,machine,at,ignored
                1,a,100,x
                2,b,101,y
                3,a,102,z
                """, mapping, 1);

        assertThat(sent)
                .extracting(Publish::topic, Publish::payload)
                .containsExactly(
                        tuple("a", "1970-01-01T00:01:40Z", 1, "1"),
                        tuple("b", "1970-01-01T00:01:41Z", 1, "2"),
                        tuple("a", "1970-01-01T00:01:42Z", 2, "3"));
    }

    private static Tuple tuple(String device, String time, int seq, String value) {
        return Tuple.tuple(
                "sensors/" + device, "{\"time\":\"" + time + "\",\"seq\":" + seq + ",\"temperature\":" + value + "}");
    }

    @Test
    void a_clock_that_steps_back_is_in_the_times_and_not_in_the_pace() throws Exception {
        String text = """
                time,v
                2014-01-07T12:00:00Z,1
                2014-01-07T12:10:00Z,2
                2014-01-07T11:15:00Z,3
                2014-01-07T12:20:00Z,4
                """;

        assertThat(play(text, PLAIN, 1))
                .extracting(Publish::offsetMs)
                .containsExactly(0L, 600_000L, 600_000L, 1_200_000L);
        assertThat(play(text, PLAIN, 600)).extracting(Publish::offsetMs).containsExactly(0L, 1_000L, 1_000L, 2_000L);
        assertThat(play(text, PLAIN, 0)).extracting(Publish::offsetMs).containsOnly(0L);
        assertThat(play(text, PLAIN, 1).get(2).payload()).contains("2014-01-07T11:15:00Z", "\"seq\":3");
    }

    @ParameterizedTest
    @CsvSource({
        "iso, UTC, 2013-12-02 21:15:00, 2013-12-02T21:15:00Z",
        "iso, Europe/Berlin, 2013-12-02T21:15, 2013-12-02T20:15:00Z",
        "iso, Europe/Berlin, 2013-12-02T21:15:00.25-05:00, 2013-12-03T02:15:00.250Z",
        "iso, UTC, 2013-12-02 21:15:00+0100, 2013-12-02T20:15:00Z",
        "epoch-ms, UTC, 1386018900123, 2013-12-02T21:15:00.123Z",
        "dd.MM.uuuu HH:mm, Europe/Berlin, 02.07.2013 21:15, 2013-07-02T19:15:00Z",
        "dd/MMM/uuuu:HH:mm:ss Z, UTC, 02/Dec/2013:21:15:00 +0000, 2013-12-02T21:15:00Z",
    })
    void times_are_read_as_they_are_said_to_be_written(String format, String zone, String cell, String time)
            throws Exception {
        CsvMapping mapping =
                new CsvMapping("m1", Optional.empty(), Optional.empty(), format, ZoneId.of(zone), Map.of());

        assertThat(play("t,v\n" + cell + ",1\n", mapping, 1))
                .singleElement()
                .extracting(Publish::payload)
                .asString()
                .contains("\"time\":\"" + time + "\"");
    }

    @Test
    void a_row_that_cannot_be_read_is_counted_and_left_out() throws Exception {
        CsvReplay replay = replay("""
                t,v
                2013-12-02 21:15:00,1
                yesterday,2
                2013-12-02 21:25:00,NaN
                2013-12-02 21:30:00,
                2013-12-02 21:35:00,5
                """, PLAIN, 1);

        assertThat(all(replay))
                .extracting(Publish::payload)
                .satisfiesExactly(
                        first -> assertThat(first).contains("\"seq\":1,\"v\":1}"),
                        second -> assertThat(second).contains("\"seq\":2,\"v\":5}"));
        assertThat(replay.skipped()).isEqualTo(3);
    }

    @Test
    void what_does_not_fit_the_file_is_refused_with_what_was_expected() {
        assertMistake(
                new CsvMapping("m1", Optional.empty(), Optional.of("when"), "iso", UTC, Map.of()),
                "--time when (expected: one of the columns t, v)");
        assertMistake(
                new CsvMapping("m1", Optional.of("id"), Optional.empty(), "iso", UTC, Map.of()),
                "--device-column id (expected: one of the columns t, v)");
        assertMistake(
                new CsvMapping("m1", Optional.empty(), Optional.empty(), "iso", UTC, Map.of("w", "x")),
                "--metric w (expected: one of the columns t, v)");
        assertMistake(
                new CsvMapping("m1", Optional.empty(), Optional.empty(), "QQQQQQ", UTC, Map.of()),
                "--time-format QQQQQQ (expected: iso, epoch-s, epoch-ms or a pattern such as dd.MM.uuuu HH:mm:ss)");
        assertMistake(
                new CsvMapping("a/b", Optional.empty(), Optional.empty(), "iso", UTC, Map.of()),
                "--device a/b (expected: letters, digits and _ . ~ - only)");
        assertThatThrownBy(() -> replay("", PLAIN, 1)).hasMessageContaining("the file is empty");
    }

    private static void assertMistake(CsvMapping mapping, String message) {
        assertThatThrownBy(() -> replay("t,v\n", mapping, 1))
                .isInstanceOf(CsvMapping.Mistake.class)
                .hasMessage(message);
    }

    private static List<Publish> play(String text, CsvMapping mapping, double speed) throws Exception {
        return all(replay(text, mapping, speed));
    }

    private static CsvReplay replay(String text, CsvMapping mapping, double speed) throws Exception {
        return new CsvReplay(new CsvRows(new StringReader(text)), mapping, speed);
    }

    private static List<Publish> all(CsvReplay replay) {
        List<Publish> sent = new ArrayList<>();
        replay.forEachRemaining(step -> sent.add((Publish) step));
        return sent;
    }
}
