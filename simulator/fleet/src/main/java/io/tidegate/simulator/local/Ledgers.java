package io.tidegate.simulator.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * What both ledgers say, and the page of the queries of those in SQL, which have no ledger. What could not be read is
 * missing.
 */
public record Ledgers(JsonNode gateway, JsonNode processor, JsonNode queries) {

    /** What the pages of both say by now. */
    public static Ledgers read(Endpoint gateway, Endpoint processor) throws InterruptedException {
        return new Ledgers(gateway.json("/ledger"), processor.json("/ledger"), processor.json("/queries"));
    }

    /** What the gateway says by now. */
    public static Ledgers read(Endpoint gateway) throws InterruptedException {
        return new Ledgers(gateway.json("/ledger"), MissingNode.getInstance(), MissingNode.getInstance());
    }

    /** Events in the log that some query has not accounted for yet; as many as can be when a ledger is missing. */
    public long backlog() {
        JsonNode accounts = processor.path("queries");
        if (accounts.isEmpty() || gateway.isMissingNode()) {
            return Long.MAX_VALUE;
        }
        long least = Long.MAX_VALUE;
        for (JsonNode query : sqlQueries()) {
            least = Math.min(least, query.at("/progress/position").longValue());
        }
        for (JsonNode query : accounts) {
            least = Math.min(
                    least,
                    query.path("applied").longValue()
                            + query.path("late").longValue()
                            + query.path("filtered").longValue());
        }
        return logged() - least;
    }

    /** The queries in SQL. */
    public List<JsonNode> sqlQueries() {
        return StreamSupport.stream(queries.path("queries").spliterator(), false)
                .filter(query -> query.path("kind").asText().equals("sql"))
                .toList();
    }

    /** Both ledgers were read and nothing is unaccounted for. */
    public boolean isBalanced() {
        return isZero(gateway.path("residual")) && isZero(processor.path("residual"));
    }

    /** What the gateway counted as received. */
    public long received() {
        return sum(gateway.path("sources"), "received");
    }

    /** Events in the log. */
    public long logged() {
        return sum(gateway.path("sources"), "logged");
    }

    /** Duplicates that were removed. */
    public long duplicates() {
        return sum(gateway.path("sources"), "duplicate");
    }

    /** What could not be read. */
    public long deadLetters() {
        return sum(gateway.path("sources"), "deadLettered");
    }

    /** Statuses of devices. */
    public long presence() {
        return sum(gateway.path("sources"), "presence");
    }

    private static boolean isZero(JsonNode residual) {
        return residual.isIntegralNumber() && residual.longValue() == 0;
    }

    private static long sum(JsonNode list, String field) {
        long sum = 0;
        for (JsonNode entry : list) {
            sum += entry.path(field).longValue();
        }
        return sum;
    }
}
