package io.tidegate.simulator.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.tidegate.simulator.fleet.Pace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebRunTest {

    private static final Pace AT_ONCE = offsetMs -> true;

    @TempDir
    private Path folder;

    @Test
    void a_file_grows_by_every_line() throws Exception {
        Path file = folder.resolve("logs/access.log");
        new WebRun(new FileSink(file)).send(lines(3).iterator(), AT_ONCE);
        new WebRun(new FileSink(file)).send(lines(2).iterator(), AT_ONCE);

        assertThat(file).hasContent("line 0\nline 1\nline 2\nline 0\nline 1\n");
    }

    @Test
    void complete_files_appear_in_a_spool_folder_and_nothing_else_is_left() throws Exception {
        WebSummary summary =
                new WebRun(new SpoolSink(folder, 500, 7)).send(lines(1_200).iterator(), AT_ONCE);

        assertThat(summary.sent()).isEqualTo(1_200);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.sorted().map(file -> file.getFileName() + " " + countLines(file)))
                    .containsExactly("access-7-000000.log 500", "access-7-000001.log 500", "access-7-000002.log 200");
        }
    }

    @Test
    void what_a_gateway_can_not_take_yet_is_sent_again_under_the_same_key_and_a_refusal_is_counted() throws Exception {
        Deque<Integer> answers = new ArrayDeque<>(List.of(429, 503, 202, 413, 400));
        List<String> keys = new ArrayList<>();
        List<String> bodies = new ArrayList<>();
        HttpServer gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        gateway.createContext("/ingest/logs", exchange -> {
            keys.add(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
            bodies.add(new String(exchange.getRequestBody().readAllBytes(), ISO_8859_1));
            exchange.getResponseHeaders().add("Retry-After", "0");
            byte[] body = "{\"received\":200,\"accepted\":0,\"rejected\":200}".getBytes(ISO_8859_1);
            exchange.sendResponseHeaders(answers.remove(), body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        gateway.start();
        try {
            URI url = URI.create("http://127.0.0.1:" + gateway.getAddress().getPort() + "/ingest/logs");
            WebSummary summary = new WebRun(new HttpSink(url)).send(lines(1_200).iterator(), AT_ONCE);

            assertThat(summary.sent()).isEqualTo(1_200);
            assertThat(summary.failed()).isEqualTo(500);
        } finally {
            gateway.stop(0);
        }
        assertThat(keys.subList(0, 3)).containsOnly(keys.get(0));
        assertThat(new HashSet<>(keys)).hasSize(3);
        assertThat(bodies.get(2)).isEqualTo(String.join("\n", texts(0, 500)));
        assertThat(bodies.get(4)).isEqualTo(String.join("\n", texts(1_000, 1_200)));
    }

    @Test
    void a_request_that_is_refused_as_a_whole_is_not_taken_for_lines_that_can_not_be_read() throws Exception {
        for (String body : List.of("{\"error\":\"host: a name\"}", "no JSON", "")) {
            HttpServer gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            gateway.createContext("/", exchange -> {
                exchange.getRequestBody().readAllBytes();
                byte[] bytes = body.getBytes(ISO_8859_1);
                exchange.sendResponseHeaders(400, bytes.length == 0 ? -1 : bytes.length);
                exchange.getResponseBody().write(bytes);
                exchange.close();
            });
            gateway.start();
            try {
                URI url = URI.create("http://127.0.0.1:" + gateway.getAddress().getPort() + "/");

                assertThat(new WebRun(new HttpSink(url))
                                .send(lines(3).iterator(), AT_ONCE)
                                .failed())
                        .isEqualTo(3);
            } finally {
                gateway.stop(0);
            }
        }
    }

    @Test
    void what_is_due_together_leaves_together_and_a_run_ends_when_the_pace_says_so() throws Exception {
        List<List<String>> sent = new ArrayList<>();
        List<Long> awaited = new ArrayList<>();
        List<LogLine> plan = Stream.of(0, 49, 50, 99, 100, 1_000)
                .map(offset -> new LogLine(offset, "at " + offset, Optional.empty(), false))
                .toList();

        new WebRun(recording(sent)).send(plan.iterator(), offsetMs -> {
            awaited.add(offsetMs);
            return offsetMs < 1_000;
        });

        assertThat(sent).containsExactly(List.of("at 0", "at 49"), List.of("at 50", "at 99"), List.of("at 100"));
        assertThat(awaited).containsExactly(50L, 100L, 1_000L);
    }

    private static LineSink recording(List<List<String>> sent) {
        return new LineSink() {
            @Override
            public String target() {
                return "here";
            }

            @Override
            public void send(List<String> lines) {
                sent.add(List.copyOf(lines));
            }

            @Override
            public void close() {}
        };
    }

    private static long countLines(Path file) {
        try {
            return Arrays.stream(Files.readString(file).split("\n", -1)).count() - 1;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> texts(int from, int until) {
        return Stream.iterate(from, i -> i + 1)
                .limit(until - from)
                .map(i -> "line " + i)
                .toList();
    }

    private static List<LogLine> lines(int count) {
        return texts(0, count).stream()
                .map(text -> new LogLine(0, text, Optional.empty(), false))
                .toList();
    }
}
