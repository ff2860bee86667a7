package io.tidegate.chain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidegate.harness.Postgres;
import io.tidegate.harness.Program;
import io.tidegate.junit.SlowTest;
import io.tidegate.simulator.fleet.MqttPublisher;
import io.tidegate.simulator.fleet.MqttSettings;
import io.tidegate.simulator.fleet.Publisher;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The oracle's verdict on the whole chain: right for every scenario that is shipped, and not right when one result lies. */
final class VerifyTest {

    private static final int PATIENCE_S = 300;
    private static final String QUERIES = """
                { name = reading-totals, kind = totals, from = readings, by = [device, metric] }
                { name = device-sessions, kind = sessions, from = readings, by = [device], gap = 30s, allowed-lateness = 10s }
            """;

    /** Like the scenario "mixed", and over in five seconds. */
    private static final String SHORT = """
            tidegate.scenario {
              start = "2026-01-05T08:00:00Z"
              duration = 150s
              seed = 6
              speed = 30
              devices = [
                { name = sensor, count = 10, every = 2s
                  metrics = [{ name = temperature, unit = Cel, signal = sine, base = 21, amplitude = 4, period = 1m, noise = 0.2 }]
                  faults = [
                    { fault = out-of-order, chance = 0.05, within = 4s }
                    { fault = duplicate, chance = 0.05, within = 5s }
                    { fault = malformed, chance = 0.02 }
                    { fault = silence, at = 30s, for = 90s, part = 0.3 }
                  ] }
              ]
              web { rate = 8, visitors = 24, visit = 30s, away = 1m, pages = 40, damaged = 0.05 }
            }
            """;

    @Test
    void devices_and_visitors_together_are_answered_right(@TempDir Path folder) throws Exception {
        Path scenario = Files.writeString(folder.resolve("short.conf"), SHORT);
        verifiedRight(folder, scenario.toString());
    }

    @SlowTest(seconds = 35)
    void the_calm_scenario_is_answered_right(@TempDir Path folder) {
        verifiedRight(folder, file("calm"));
    }

    @SlowTest(seconds = 40)
    void disorder_is_answered_right(@TempDir Path folder) {
        verifiedRight(folder, file("out-of-order"));
    }

    @SlowTest(seconds = 45)
    void every_fault_of_a_sensor_is_answered_right(@TempDir Path folder) {
        verifiedRight(folder, file("faulty"));
    }

    @SlowTest(seconds = 45)
    void a_burst_of_readings_is_answered_right(@TempDir Path folder) {
        verifiedRight(folder, file("bursty"));
    }

    @SlowTest(seconds = 45)
    void the_mixed_scenario_is_answered_right(@TempDir Path folder) {
        verifiedRight(folder, file("mixed"));
    }

    private static void verifiedRight(Path folder, String scenario) {
        try (Program verify = Program.tidegate(
                folder, "verify", List.of("simulator", "verify", "--system", "--scenario", scenario))) {
            int exit = verify.await(PATIENCE_S);

            assertThat(exit).as(verify.output()).isZero();
            assertThat(verify.output()).contains(".conf: right").doesNotContain("not judged", "undecided");
        }
    }

    @SlowTest(seconds = 60)
    void one_falsified_result_is_found(@TempDir Path folder) throws Exception {
        try (Chain chain = new Chain(folder)) {
            chain.startBroker();
            chain.startGateway();
            chain.startProcessor(QUERIES);
            chain.awaitReady();
            try (Program verify = chain.verify(file("calm"), "--patience", "30", "--output", "json")) {
                await().atMost(Duration.ofMinutes(3))
                        .until(() -> verify.output().contains("times the speed"));
                falsify(chain.brokerPort());

                assertThat(verify.await(PATIENCE_S)).as(verify.output()).isEqualTo(1);
                assertThat(verify.output())
                        .contains("\"right\":false")
                        .contains("boiler-3 pressure: count is 7, expected 120")
                        .containsPattern("\"query\":\"reading-totals\"[^{]*\"wrong\":1,\"missing\":0,\"unexpected\":0")
                        .containsPattern(
                                "\"query\":\"device-sessions\"[^{]*\"wrong\":0,\"missing\":0,\"unexpected\":0");
            }
        }
    }

    @SlowTest(seconds = 60)
    void one_falsified_row_of_a_table_in_h2_is_found(@TempDir Path folder) throws Exception {
        falsifiedRowIsFound("h2", folder);
    }

    @SlowTest(seconds = 60)
    void one_falsified_row_of_a_table_in_postgresql_is_found(@TempDir Path folder) throws Exception {
        falsifiedRowIsFound("postgresql", folder);
    }

    private static void falsifiedRowIsFound(String database, Path folder) throws Exception {
        try (Database tables = Database.start(database, folder);
                Chain chain = new Chain(folder)) {
            chain.startBroker();
            chain.startGateway();
            chain.startProcessor(tables.queries(), "-Dh2.bindAddress=127.0.0.1");
            chain.awaitReady();
            try (Program verify = chain.verify(file("calm"), "--patience", "30")) {
                await().atMost(Duration.ofMinutes(2)).ignoreExceptions().until(() -> tables.falsify() == 1);

                assertThat(verify.await(PATIENCE_S)).as(verify.output()).isEqualTo(1);
                assertThat(verify.output())
                        .containsPattern(right("reading-totals", "totals", "topics"))
                        .containsPattern("reading-totals +totals +\\d+ +\\d+ +1 +0 +0 +0 +table reading-totals\n")
                        .containsPattern(right("device-sessions", "sessions", "table visits"))
                        .containsPattern(right("per-metric", "counts", "table per-metric"))
                        .containsPattern(right("busiest", "top", "table busiest"))
                        .containsPattern(right("temperature", "window", "table temperature"))
                        .contains("reading-totals in table reading-totals: boiler-3 pressure: count is 7, expected 120")
                        .doesNotContain(Postgres.PASSWORD);
            }
        }
    }

    @SlowTest(seconds = 40)
    void a_system_of_its_own_answers_right_in_its_tables_too(@TempDir Path folder) throws Exception {
        Path queries = folder.resolve("tables.conf");
        Files.writeString(queries, """
                tidegate.processor {
                  queries = [
                    { name = reading-totals, kind = totals, from = readings, by = [device, metric], to = [mqtt, jdbc] }
                  ]
                }""");
        try (Program verify = Program.tidegate(
                folder,
                "verify",
                List.of(
                        "simulator",
                        "verify",
                        "--system",
                        "--scenario",
                        file("calm"),
                        "--config",
                        queries.toString()))) {
            assertThat(verify.await(PATIENCE_S)).as(verify.output()).isZero();
            assertThat(verify.output()).containsPattern(right("reading-totals", "totals", "table reading-totals"));
        }
    }

    /** Says something else than the processor, with a revision that wins. */
    private static void falsify(int broker) throws Exception {
        MqttSettings mqtt =
                new MqttSettings(URI.create("tcp://127.0.0.1:" + broker), Optional.empty(), Optional.empty(), 1, 10);
        try (Publisher intruder = MqttPublisher.open(mqtt, "intruder")) {
            intruder.publish("tidegate/totals/reading-totals/boiler-3/lie", """
                            {"query":"reading-totals","id":"reading-totals/boiler-3/pressure","rev":1000000,
                             "batch":1,"key":{"device":"boiler-3","metric":"pressure"},"count":7}""".getBytes(UTF_8), false)
                    .get(60, SECONDS);
        }
    }

    /** A line of the report in which answers were expected, and all of them came, and nothing else. */
    private static String right(String query, String kind, String place) {
        return query + " +" + kind + " +([1-9]\\d*) +\\1 +0 +0 +0 +0 +" + place + "\n";
    }

    /** A database, and queries that answer there. */
    private record Database(String url, String login, Optional<Postgres> server) implements AutoCloseable {

        static Database start(String kind, Path folder) {
            if (kind.equals("h2")) {
                String file = "jdbc:h2:file:" + folder.resolve("results");
                return new Database(file + ";DATABASE_TO_LOWER=TRUE;AUTO_SERVER=TRUE", "user = sa", Optional.empty());
            }
            assumeTrue(Postgres.installed().isPresent(), "PostgreSQL is not installed");
            Postgres server = Postgres.start();
            return new Database(
                    server.url(), "user = " + Postgres.USER + ", password = " + Postgres.PASSWORD, Optional.of(server));
        }

        String queries() {
            String here = "jdbc { url = \"" + url + "\", " + login + " } }\n";
            String table = "to = [jdbc], " + here;
            return "{ name = reading-totals, kind = totals, from = readings, by = [device, metric], to = [mqtt, jdbc], "
                    + here
                    + "{ name = device-sessions, kind = sessions, from = readings, by = [device], gap = 30s,"
                    + " allowed-lateness = 10s, jdbc.table = visits, " + table
                    + "{ name = per-metric, kind = counts, from = readings, by = [metric], " + table
                    + "{ name = busiest, kind = top, from = readings, by = [device], window = 4s, slide = 2s, limit = 5, "
                    + table
                    + "{ name = temperature, kind = window, from = readings, where = \"metric = 'temperature'\","
                    + " by = [device], window = 4s, slide = 2s, compute = [count, mean, min, max], " + table;
        }

        /** Writes into a row what no later batch of the processor replaces; how many rows it was. */
        int falsify() throws SQLException {
            boolean h2 = server.isEmpty();
            try (Connection connection = DriverManager.getConnection(
                            h2 ? url + ";IFEXISTS=TRUE" : url, h2 ? "sa" : Postgres.USER, h2 ? "" : Postgres.PASSWORD);
                    Statement statement = connection.createStatement()) {
                return statement.executeUpdate(
                        "UPDATE \"reading-totals\" SET \"count\" = 7, \"batch\" = 9000000000000000"
                                + " WHERE \"device\" = 'boiler-3' AND \"metric\" = 'pressure'");
            }
        }

        @Override
        public void close() {
            server.ifPresent(Postgres::close);
        }
    }

    private static String file(String scenario) {
        return Program.ROOT.resolve("config/scenarios/" + scenario + ".conf").toString();
    }
}
