package io.tidegate.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.junit.Patience;
import io.tidegate.protocol.v1.Reading;
import io.tidegate.protocol.v1.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sources of files with everything real but the broker. */
class FilesTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final FakeBroker broker = new FakeBroker();

    @TempDir
    private Path folder;

    private Path spool;
    private Path live;

    @BeforeEach
    void folders() throws IOException {
        spool = Files.createDirectory(folder.resolve("spool"));
        live = Files.createDirectory(folder.resolve("logs")).resolve("access.log");
    }

    @Test
    void lines_of_files_are_events_and_what_is_damaged_says_its_file_and_its_place() throws Exception {
        Files.writeString(live, lines(100, 110));
        try (RunningGateway gateway = start("host = www1")) {
            put("a.log", lines(0, 20) + "hello\n" + lines(20, 30));
            awaitLogged(gateway, 40);

            assertThat(paths(gateway)).isEqualTo(paths(0, 30, 100, 110));
            assertThat(gateway.requests().stream().filter(Request::hasHost).toList())
                    .hasSize(30);
            await().until(() -> Files.exists(spool.resolve("a.log.COMPLETED")));
            JsonNode letter = JSON.readTree(gateway.get("/deadletters").body()).at("/deadLetters/0");
            assertThat(letter.at("/source").asText()).isEqualTo("access");
            assertThat(letter.at("/origin").asText())
                    .isEqualTo(spool.resolve("a.log").toString());
            assertThat(letter.at("/detail").asText())
                    .startsWith("line 21, offset " + lines(0, 20).length() + ": ");
            assertThat(letter.at("/text").asText()).isEqualTo("hello");
            assertThat(gateway.get("/ledger").body())
                    .contains(
                            "{\"source\":\"access\",\"received\":31,\"logged\":30,\"duplicate\":0,\"deadLettered\":1,")
                    .contains("{\"source\":\"live\",\"received\":10,\"logged\":10,")
                    .endsWith("\"residual\":0}\n");
            assertThat(gateway.get("/metrics").body())
                    .contains("tidegate_source_files_total{outcome=\"completed\",source=\"access\"} 1.0")
                    .contains("tidegate_source_connected{source=\"live\"} 1.0")
                    .contains("tidegate_events_total{outcome=\"logged\",source=\"live\"} 10.0");
        }
    }

    @Test
    void it_goes_on_where_it_was_when_it_is_stopped_and_started_in_the_middle_of_everything() throws Exception {
        int files = 40;
        for (int i = 0; i < files; i++) {
            put("%03d.log".formatted(i), lines(1_000 * i, 1_000 * (i + 1)));
        }
        Files.writeString(live, lines(90_000, 95_000));
        for (int logged = 1; logged < 45_000; logged += 15_000) {
            try (RunningGateway gateway = start("")) {
                awaitLogged(gateway, logged);
            }
        }

        try (RunningGateway gateway = start("")) {
            awaitLogged(gateway, 45_000);
            assertThat(paths(gateway)).isEqualTo(paths(0, 40_000, 90_000, 95_000));
            assertThat(gateway.get("/ledger").body()).endsWith("\"residual\":0}\n");
        }
    }

    @Test
    void a_folder_that_is_away_is_degraded_with_the_reason_and_picked_up_when_it_is_back() throws Exception {
        Files.delete(spool);
        Files.writeString(live, "");
        try (RunningGateway gateway = start("")) {
            await().untilAsserted(() -> assertThat(gateway.get("/readyz").body())
                    .contains("degraded")
                    .contains("source access: can't look into the folder: ")
                    .contains(spool.toString()));
            assertThat(gateway.get("/readyz").statusCode()).isEqualTo(200);

            Files.createDirectory(spool);
            put("a.log", lines(0, 5));

            awaitLogged(gateway, 5);
            await().untilAsserted(
                            () -> assertThat(gateway.get("/readyz").body()).isEqualTo("{\"status\":\"ready\"}\n"));
        }
    }

    @Test
    void readings_come_by_files_as_well() throws Exception {
        try (RunningGateway gateway = start("decoder = readings")) {
            put(
                    "a.json",
                    "{\"device\":\"d1\",\"seq\":1,\"t\":1.5}\nnothing\n{\"device\":\"d2\",\"metric\":\"h\",\"value\":2}");

            await().untilAsserted(() -> assertThat(gateway.readings())
                    .extracting(Reading::getDevice)
                    .containsExactlyInAnyOrder("d1", "d2"));
            assertThat(JSON.readTree(gateway.get("/deadletters").body())
                            .at("/deadLetters/0/detail")
                            .asText())
                    .startsWith("line 2, offset 32: ");
        }
    }

    @Test
    void a_log_that_holds_back_is_waited_for_and_nothing_is_read_twice() throws Exception {
        put("a.log", lines(0, 60_000));
        try (RunningGateway gateway = start("", "log.min-free-bytes = 1000000GiB", Duration.ofMillis(200))) {
            await().untilAsserted(
                            () -> assertThat(gateway.get("/readyz").body()).contains("log.min-free-bytes"));
        }
        try (RunningGateway gateway = start("")) {
            awaitLogged(gateway, 60_000);
            assertThat(paths(gateway)).isEqualTo(paths(0, 60_000));
        }
    }

    private RunningGateway start(String ofSpool) throws Exception {
        return start(ofSpool, "", Patience.LIMIT);
    }

    private RunningGateway start(String ofSpool, String more, Duration drain) throws Exception {
        return RunningGateway.start(folder, broker, """
                spool { settle = 100ms, poll = 50ms }
                tail { poll = 50ms, from = start }
                sources = [
                  { name = live, kind = tail, files = ["%s"] }
                  { name = access, kind = spool, dir = "%s"
                %s }
                ]
                %s
                """.formatted(live, spool, ofSpool, more), drain);
    }

    private void put(String name, String text) throws IOException {
        Path hidden = Files.writeString(spool.resolve("." + name), text);
        Files.move(hidden, spool.resolve(name));
    }

    private static void awaitLogged(RunningGateway gateway, long events) {
        await().untilAsserted(() -> {
            long logged = 0;
            for (JsonNode source : JSON.readTree(gateway.get("/ledger").body()).path("sources")) {
                logged += source.path("logged").longValue();
            }
            assertThat(logged).isGreaterThanOrEqualTo(events);
        });
    }

    private static String lines(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i ->
                        "192.0.2." + i % 200 + " - - [17/May/2015:10:05:03 +0000] \"GET /" + i + " HTTP/1.1\" 200 5\n")
                .collect(Collectors.joining());
    }

    /** Of all requests in the log, sorted. */
    private static List<String> paths(RunningGateway gateway) throws Exception {
        return gateway.requests().stream().map(Request::getPath).sorted().toList();
    }

    private static List<String> paths(int... fromTo) {
        return IntStream.range(0, fromTo.length / 2)
                .boxed()
                .flatMap(i -> IntStream.range(fromTo[2 * i], fromTo[2 * i + 1]).mapToObj(path -> "/" + path))
                .sorted()
                .toList();
    }
}
