package io.tidegate.simulator.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.tidegate.simulator.demo.DemoSummary.NotJudged;
import io.tidegate.simulator.demo.PlannedTraffic.Sent;
import io.tidegate.simulator.fleet.Reading;
import io.tidegate.simulator.local.Endpoint;
import io.tidegate.simulator.oracle.Oracle;
import io.tidegate.simulator.oracle.QueryFile;
import io.tidegate.simulator.verify.ReceivedResults;
import io.tidegate.simulator.verify.Report;
import io.tidegate.simulator.verify.SystemStatus;
import io.tidegate.simulator.verify.Verification;
import io.tidegate.simulator.watch.Result;
import io.tidegate.simulator.watch.ResultFormatter;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table at the end of a demo in which everything was answered right, and in which one result was falsified. */
class DemoSummaryTest {
    private static final int MESSAGES = 2_000;
    private static final Duration GAP = Duration.ofSeconds(5);

    @TempDir
    private Path folder;

    private final List<Result> answers = new ArrayList<>();
    private final Queue<String> read = new ConcurrentLinkedQueue<>();
    private PlannedTraffic traffic;
    private SystemStatus pages;
    private HttpServer server;

    @BeforeEach
    void answer() throws Exception {
        traffic = CorrectResults.traffic();
        List<Reading> sent = CorrectResults.readings(traffic, MESSAGES);
        long logged = Oracle.distinct(sent).size();
        answers.addAll(CorrectResults.totals(sent));
        answers.addAll(CorrectResults.sessions(sent, GAP));
        answers.addAll(CorrectResults.goodbyes(10));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        page("/ledger", """
                {"sources":[{"received":%d,"logged":%d,"duplicate":%d,"deadLettered":0,"presence":20,"residual":0}],
                 "queries":[],"residual":0}""".formatted(MESSAGES + 20, logged, MESSAGES - logged));
        page("/deadletters", "{\"deadLetters\":[]}");
        server.start();
        Endpoint both = new Endpoint("http://127.0.0.1:" + server.getAddress().getPort());
        pages = new SystemStatus(both, both);
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void everything_is_right_when_every_answer_is() throws Exception {
        Report report = judged(MESSAGES);

        assertThat(report.isRight()).as(report.text()).isTrue();
        assertThat(report.text())
                .containsPattern("reading-totals +totals +30 +30 +0 +0 +0 ")
                .containsPattern("device-sessions +sessions +(\\d+) +\\1 +0 +0 +0 ")
                .contains("actions", "not judged: the oracle does not know the kind sql")
                .endsWith("demo: right\n");
        assertThat(closing(report).isRight()).isTrue();
    }

    @Test
    void one_look_reads_each_page_once_whatever_the_number_of_queries() throws Exception {
        assertThat(judged(MESSAGES).isRight()).isTrue();

        assertThat(read)
                .as("the ledgers of both programs")
                .containsExactlyInAnyOrder("/ledger", "/ledger", "/deadletters");
    }

    @Test
    void one_falsified_total_is_wrong_and_shown() throws Exception {
        Result total = answers.get(0);
        answers.set(0, CorrectResults.falsified(total, "max", 99));

        Report report = judged(MESSAGES);

        assertThat(closing(report).isRight()).isFalse();
        assertThat(String.join("\n", closing(report).lines(screen(), check())))
                .containsPattern("reading-totals +totals +30 +29 +1 +0 +0 ")
                .contains("max is 99.0, expected " + total.body().get("max").asText())
                .endsWith("demo: NOT RIGHT");
    }

    @Test
    void one_falsified_session_is_wrong_and_one_that_is_not_there_is_missing() throws Exception {
        int first = CorrectResults.totals(CorrectResults.readings(traffic, MESSAGES))
                .size();
        answers.set(first, CorrectResults.falsified(answers.get(first), "events", 1_000));
        assertThat(judged(MESSAGES).text()).containsPattern("device-sessions +sessions +\\d+ +\\d+ +1 +0 +0 ");

        answers.remove(first);
        assertThat(judged(MESSAGES).text()).containsPattern("device-sessions +sessions +\\d+ +\\d+ +0 +1 +0 ");
    }

    @Test
    void what_was_sent_and_has_no_answer_is_found_as_well() throws Exception {
        assertThat(judged(MESSAGES + 1).isRight()).isFalse();
        assertThat(judged(MESSAGES - 1).isRight()).isFalse();
    }

    @Test
    void a_query_with_more_results_than_there_is_room_for_is_not_judged() throws Exception {
        Report report = judged(new ReceivedResults(29), MESSAGES);

        assertThat(report.text())
                .containsPattern("reading-totals .* not judged: more than 29 results")
                .containsPattern("device-sessions +sessions +(\\d+) +\\1 +0 +0 +0 ");
        assertThat(report.isRight()).isTrue();
    }

    @Test
    void without_a_table_the_end_says_why_and_the_ledgers_decide() throws Exception {
        DemoSummary closing = new DemoSummary(
                List.of("sent much"), pages.ledgers(), Optional.empty(), NotJudged.onPurpose("too much"));

        assertThat(closing.isRight()).isTrue();
        assertThat(closing.lines(screen(), check()))
                .contains("oracle     as they came: 0 totals right, 0 wrong; at the end: not judged, too much");
    }

    @Test
    void without_what_is_needed_to_judge_it_is_not_right() throws Exception {
        DemoSummary closing = new DemoSummary(
                List.of("sent much"),
                pages.ledgers(),
                Optional.empty(),
                NotJudged.failed("as nobody knows what arrived"));

        assertThat(closing.isRight()).isFalse();
    }

    @Test
    void what_the_fleet_has_written_at_its_end_tells_how_far_it_got() throws Exception {
        Path summary = folder.resolve("summary.json");

        assertThat(traffic.sent(summary)).isEmpty();
        Files.writeString(summary, "{\"messages\":{\"sent\":1234567,\"acknowledged\":1234567,\"failed\":0}}");
        assertThat(traffic.sent(summary)).contains(new Sent(1_234_567, 0));
        Files.writeString(summary, "{\"messages\":{\"sent\":7},\"lines\":{\"sent\":5}}");
        assertThat(traffic.sent(summary)).contains(new Sent(7, 5));
        Files.writeString(summary, "{\"lines\":{\"sent\":5}}");
        assertThat(traffic.sent(summary)).isEmpty();
    }

    private DemoSummary closing(Report report) throws Exception {
        return new DemoSummary(List.of("sent " + MESSAGES), pages.ledgers(), Optional.of(report), NotJudged.NO);
    }

    private Report judged(int messages) throws Exception {
        return judged(new ReceivedResults(1_000), messages);
    }

    private Report judged(ReceivedResults received, int messages) throws Exception {
        answers.forEach(received::add);
        Path file = folder.resolve("processor.conf");
        Files.writeString(file, """
                tidegate.processor.queries = [
                  { name = device-sessions, kind = sessions, from = readings, by = [device], gap = 5s, allowed-lateness = 3s }
                  { name = reading-totals, kind = totals, from = readings, by = [device, metric] }
                  { name = actions, kind = sql, sql = "SELECT 1" }
                ]""");
        return new Verification(
                        "demo",
                        traffic.expectedState(new Sent(messages, 0)),
                        QueryFile.read(file).queries(),
                        received,
                        pages)
                .await(Duration.ZERO, new CountDownLatch(1));
    }

    private TotalsCheck check() {
        return new TotalsCheck("reading-totals", traffic.messages(), () -> 0);
    }

    private static Screen screen() {
        return new Screen(
                new PrintStream(PrintStream.nullOutputStream(), true, StandardCharsets.UTF_8),
                new ResultFormatter(ZoneOffset.UTC, false),
                () -> 0);
    }

    private void page(String path, String json) {
        server.createContext(path, exchange -> {
            read.add(path);
            byte[] body = json.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }
}
