package io.tidegate.chain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.harness.Program;
import io.tidegate.harness.ResultRecorder;
import io.tidegate.junit.SlowTest;
import io.tidegate.simulator.json.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.BitSet;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sessions on Structured Streaming whose keys have no room in the heap: each of many visitors comes twice, all are there at
 * once, and a processor with 512 MB tells one visit of each, when the visitor comes again an hour later. (The same queries on
 * DStreams end in OutOfMemoryError; docs/queries.md says so.)
 */
final class LargeStateTest {

    private static final int HEAP_MB = 512;
    private static final int VISITORS = 300_000;
    private static final int LINES_PER_POST = 20_000;
    private static final int NEXT_VISIT = 3_600;
    private static final String QUERIES = """
                { name = visits, kind = sessions, engine = structured, from = requests, by = [client], gap = 30m
                  allowed-lateness = 1s, emit-every = 1h, trigger = 500ms, max-events = 50000 }
            """;
    private static final DateTimeFormatter LOG_TIME =
            DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Instant start = Instant.parse("2026-11-22T10:00:00Z");
    private final BitSet opened = new BitSet();
    private final BitSet closed = new BitSet();
    private final BitSet openedAgain = new BitSet();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();

    @SlowTest(seconds = 180)
    void more_visitors_than_the_heap_has_room_for_have_one_visit_each(@TempDir Path folder) throws Exception {
        try (Chain chain = new Chain(folder)) {
            chain.startBroker();
            try (ResultRecorder visits =
                    ResultRecorder.listen(chain.brokerPort(), "tidegate/sessions/visits/#", this::told)) {
                chain.startGateway();
                Program processor = chain.startSmallProcessor(HEAP_MB, QUERIES);
                chain.awaitReady();
                visitAll(chain, 0);
                visitAll(chain, 10);
                awaitTold(processor, () -> count(opened) == VISITORS);
                assertThat(count(closed)).as("closed while all are there").isZero();

                visitAll(chain, NEXT_VISIT);
                awaitTold(processor, () -> visits.received() == 3L * VISITORS);
                assertThat(count(closed)).isEqualTo(VISITORS);
                assertThat(count(openedAgain)).isEqualTo(VISITORS);
                assertThat(processor.stop()).as(processor.output()).isZero();
            }
        }
    }

    private void awaitTold(Program processor, BooleanSupplier everything) {
        await().atMost(Duration.ofMinutes(8))
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> everything.getAsBoolean() || !wrong.isEmpty() || !processor.isAlive());
        assertThat(processor.isAlive()).as(processor.output()).isTrue();
        assertThat(wrong).isEmpty();
    }

    /** A request of each visitor, so many seconds after the start. */
    private void visitAll(Chain chain, int second) throws Exception {
        String time = LOG_TIME.format(start.plusSeconds(second));
        for (int first = 0; first < VISITORS; first += LINES_PER_POST) {
            StringBuilder lines = new StringBuilder();
            for (int i = first; i < first + LINES_PER_POST; i++) {
                lines.append("visitor-").append(i).append(" - - [").append(time).append("] \"GET /");
                lines.append(second)
                        .append(" HTTP/1.1\" 200 ")
                        .append(i + second)
                        .append('\n');
            }
            chain.postLogs(lines.toString());
        }
    }

    private synchronized int count(BitSet visitors) {
        return visitors.cardinality();
    }

    private synchronized void told(byte[] message) {
        JsonNode visit = Json.read(new String(message, UTF_8));
        int visitor = Integer.parseInt(visit.at("/key/client").textValue().substring("visitor-".length()));
        if (visit.get("state").textValue().equals("open")) {
            boolean again = Instant.parse(visit.get("start").textValue()).isAfter(start);
            (again ? openedAgain : opened).set(visitor);
            return;
        }
        boolean right = visit.get("state").textValue().equals("closed")
                && visit.get("events").intValue() == 2
                && visit.get("pages").intValue() == 2
                && visit.get("bytes").longValue() == 2L * visitor + 10
                && visit.get("entry").textValue().equals("/0")
                && visit.get("exit").textValue().equals("/10")
                && visit.get("durationMs").longValue() == 10_000
                && !closed.get(visitor);
        if (!right) {
            wrong.add(visit.toString());
        }
        closed.set(visitor);
    }
}
