package io.tidegate.simulator.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.simulator.local.Deadline;
import io.tidegate.simulator.local.Endpoint;
import io.tidegate.simulator.local.Ledgers;
import io.tidegate.simulator.scenario.ProcessingBarrier;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * What gateway and processor say about themselves.
 *
 * @param gateway its pages
 * @param processor its pages
 */
public record SystemStatus(Endpoint gateway, Endpoint processor) implements ProcessingBarrier {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long LOOK_AROUND_MS = 200;
    private static final int MOST_LETTERS = 200;

    /** Both ledgers, and how far the queries in SQL are. */
    public Ledgers ledgers() throws InterruptedException {
        return Ledgers.read(gateway, processor);
    }

    @Override
    public void await(long sent) throws InterruptedException {
        Deadline deadline = Deadline.in(PATIENCE);
        Ledgers ledgers = ledgers();
        while (ledgers.received() < sent || ledgers.backlog() > 0) {
            if (deadline.isOver()) {
                System.err.println("not worked off within " + PATIENCE.toSeconds() + " s: " + sent + " sent, "
                        + ledgers.received() + " received, " + ledgers.backlog() + " ahead of the slowest query");
                return;
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_AROUND_MS);
            ledgers = ledgers();
        }
    }

    /** How many events each query of the processor's ledger counted as late. */
    Map<String, Long> late() throws InterruptedException {
        Map<String, Long> late = new HashMap<>();
        for (JsonNode account : processor.json("/ledger").path("queries")) {
            late.put(account.path("query").asText(), account.path("late").longValue());
        }
        return late;
    }

    /** The gateway's ledger, added up over its sources. */
    Map<String, Object> ledger() throws InterruptedException {
        Map<String, Object> sums = new HashMap<>();
        for (JsonNode source : gateway.json("/ledger").path("sources")) {
            source.properties()
                    .forEach(field ->
                            sums.merge(field.getKey(), field.getValue().longValue(), (a, b) -> (Long) a + (Long) b));
        }
        return sums;
    }

    /** How often each dead letter is there, by topic and bytes. */
    Map<String, Long> deadLetters() throws InterruptedException {
        Map<String, Long> letters = new TreeMap<>();
        String page = "/deadletters?limit=" + MOST_LETTERS;
        String next = page;
        while (!next.isEmpty()) {
            JsonNode answer = gateway.json(next);
            for (JsonNode letter : answer.path("deadLetters")) {
                String raw =
                        new String(Base64.getDecoder().decode(letter.path("raw").asText()), UTF_8);
                letters.merge(letter.path("origin").asText() + " " + raw, 1L, Long::sum);
            }
            next = answer.has("before")
                    ? page + "&before=" + answer.path("before").asText()
                    : "";
        }
        return letters;
    }
}
