package io.tidegate.simulator.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.sun.net.httpserver.HttpServer;
import io.tidegate.simulator.fleet.Reading;
import io.tidegate.simulator.local.Endpoint;
import io.tidegate.simulator.oracle.ExpectedState;
import io.tidegate.simulator.oracle.QueryFile;
import io.tidegate.simulator.scenario.Fault;
import io.tidegate.simulator.scenario.Observation;
import io.tidegate.simulator.scenario.Step;
import io.tidegate.simulator.verify.Detection.Found;
import io.tidegate.simulator.watch.Result;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Anomalies of one key, which has spikes at 1 s and at 3 s, on topics and in a table of H2. */
class VerificationTest {
    private static final Instant START = Instant.parse("2026-01-05T08:00:00Z");
    private static final Found NONE = new Found(0, 0);
    private static final Detection FIRST_SPIKE = new Detection(new Found(1, 1), NONE, NONE, 0);
    private static final Detection BOTH_SPIKES = new Detection(new Found(2, 0), NONE, NONE, 0);
    private static final String FIRST = "\"id\":\"odd/d/m/1767600001000\",";

    @TempDir
    private Path folder;

    private final ReceivedResults received = new ReceivedResults(100);
    private HttpServer server;
    private SystemStatus pages;
    private Runnable afterFirstLook = () -> {};

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        page(
                "/ledger",
                "{\"sources\":[{\"received\":4,\"logged\":4,\"duplicate\":0,\"deadLettered\":0,\"presence\":0,"
                        + "\"residual\":0}],\"queries\":[]}");
        page("/deadletters", "{\"deadLetters\":[]}");
        server.start();
        Endpoint both = new Endpoint("http://127.0.0.1:" + server.getAddress().getPort());
        pages = new SystemStatus(both, both);
        publish("tidegate/devices/d", "{\"state\":\"online\"}");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void anomalies_are_judged_on_topics_and_in_the_table_each_by_its_newest_version() throws Exception {
        anomaly(FIRST + "\"rev\":1,\"state\":\"anomalous\",\"since\":\"2026-01-05T08:00:01Z\"");
        anomaly(FIRST + "\"rev\":2,\"state\":\"recovered\",\"since\":\"2026-01-05T08:00:01Z\","
                + "\"until\":\"2026-01-05T08:00:02Z\"");
        sql("CREATE TABLE \"odd\" (\"id\" VARCHAR, \"query\" VARCHAR, \"rev\" BIGINT, \"device\" VARCHAR,"
                + " \"metric\" VARCHAR, \"state\" VARCHAR, \"since\" TIMESTAMP(3) WITH TIME ZONE,"
                + " \"until\" TIMESTAMP(3) WITH TIME ZONE, \"score\" DOUBLE PRECISION)");
        sql("INSERT INTO \"odd\" VALUES ('odd/d/m/1767600001000', 'odd', 1, 'd', 'm', 'anomalous',"
                + " '2026-01-05 08:00:01+00', NULL, 7.5)");

        Report report = report("[mqtt, jdbc]");

        assertThat(report.isRight()).as(report.text()).isTrue();
        assertThat(report.verdicts().subList(0, 2))
                .extracting(Verdict::place, Verdict::detection)
                .containsExactly(
                        tuple("topics", FIRST_SPIKE), tuple("table odd", BOTH_SPIKES)); // no end: it holds the second
    }

    @Test
    void faults_are_counted_when_no_more_anomalies_come() throws Exception {
        anomaly(FIRST + "\"rev\":1,\"state\":\"recovered\",\"since\":\"2026-01-05T08:00:01Z\","
                + "\"until\":\"2026-01-05T08:00:02Z\"");
        afterFirstLook = () -> anomaly("\"id\":\"odd/d/m/1767600003000\",\"rev\":1,\"state\":\"anomalous\","
                + "\"since\":\"2026-01-05T08:00:03Z\"");

        Report report = report("[mqtt]");

        assertThat(report.verdicts().get(0).detection()).isEqualTo(BOTH_SPIKES);
    }

    @Test
    void a_report_is_right_whatever_was_found_and_not_right_without_answers() throws Exception {
        assertThat(verification("[mqtt]").report().isRight()).isFalse();

        anomaly("\"id\":\"odd/d/m/1767600000000\",\"rev\":1,\"state\":\"learning\",\"since\":\"2026-01-05T08:00:00Z\"");

        Report report = report("[mqtt]");
        assertThat(report.isRight()).as(report.text()).isTrue();
        assertThat(report.text()).contains("odd: spike 0 of 2 found, drift 0 of 0, dropout 0 of 0, false 0\n");
    }

    private Report report(String to) throws Exception {
        return verification(to).await(Duration.ofMinutes(5), new CountDownLatch(1));
    }

    private Verification verification(String to) throws Exception {
        Path file = folder.resolve("processor.conf");
        Files.writeString(
                file,
                "tidegate.processor { jdbc.url = \"" + url() + "\", jdbc.user = sa, queries = ["
                        + "{ name = odd, kind = anomaly, from = readings, by = [device, metric], to = " + to + " }] }");
        List<Step> steps = List.of(new Step.Publish(
                0, "d", "sensors/d/m", "", false, List.of(reading(0), reading(1), reading(2), reading(3))));
        ExpectedState state = ExpectedState.of(steps.iterator(), START.plusSeconds(60));
        return new Verification("s", state, QueryFile.read(file).queries(), received, pages);
    }

    /** Every second one is a spike. */
    private static Observation reading(int second) {
        Fault spike = new Fault.Spike(Optional.empty(), 0.5, 500);
        Reading reading =
                new Reading("d", "m", second, START.plusSeconds(second).toEpochMilli(), 1);
        return new Observation.Measured(reading, "", second % 2 == 1 ? List.of(spike) : List.of());
    }

    private void anomaly(String fields) {
        publish(
                "tidegate/anomalies/odd/d/m",
                "{\"query\":\"odd\",\"key\":{\"device\":\"d\",\"metric\":\"m\"}," + fields + "}");
    }

    private void publish(String topic, String json) {
        received.add(Result.of(topic, json.getBytes(UTF_8)));
    }

    private String url() {
        return "jdbc:h2:file:" + folder.resolve("results") + ";DATABASE_TO_LOWER=TRUE";
    }

    private void sql(String command) throws Exception {
        try (Connection connection = DriverManager.getConnection(url(), "sa", "");
                Statement statement = connection.createStatement()) {
            statement.execute(command);
        }
    }

    /** The dead letters are looked at last. */
    private void page(String path, String json) {
        server.createContext(path, exchange -> {
            if (path.equals("/deadletters")) {
                afterFirstLook.run();
                afterFirstLook = () -> {};
            }
            byte[] body = json.getBytes(UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }
}
