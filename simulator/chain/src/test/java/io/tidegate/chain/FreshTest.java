package io.tidegate.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.harness.Program;
import io.tidegate.junit.SlowTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code --fresh} under load: what runs on Structured Streaming begins anew where its consumer group had committed, neither at
 * the oldest event that the gateway retains nor at the newest. The new answers go to a database of their own.
 */
final class FreshTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String QUERIES = """
                { name = lines, kind = sql, trigger = 300ms, max-events = 200, to = [jdbc]
                  sql = "SELECT key_group, offset FROM readings" }
                { name = visits, kind = sessions, engine = structured, from = readings, by = [device], gap = 1h
                  allowed-lateness = 1h, trigger = 300ms, max-events = 200, to = [jdbc] }
            """;

    @SlowTest(seconds = 70)
    void a_fresh_start_begins_where_each_query_had_committed(@TempDir Path folder) throws Exception {
        try (Chain chain = new Chain(folder);
                Database before = Database.start(folder);
                Database after = Database.start(Files.createDirectory(folder.resolve("after")))) {
            chain.startBroker();
            chain.startGateway();
            Program processor = chain.startProcessor(QUERIES, options(before));
            chain.awaitReady();
            Program fleet = chain.startFleet("--seed", "7", "--devices", "20", "--rate", "200", "--for", "25s");
            await().atMost(PATIENCE).until(() -> committed(chain, "lines") > 0 && committed(chain, "visits") > 0);
            assertThat(processor.stop()).as(processor.output()).isZero();
            long lines = committed(chain, "lines");
            long visits = committed(chain, "visits");
            assertThat(fleet.await(120)).as(fleet.output()).isZero();
            long logged = chain.inLedger("/sources/0/logged");
            assertThat(logged).isGreaterThan(Math.max(lines, visits));

            Program fresh = chain.startProcessor(QUERIES, options(after, "--fresh"));

            await().atMost(PATIENCE).until(() -> after.count("lines") >= logged - lines);
            await().atMost(PATIENCE).until(() -> events(after) >= logged - visits);
            assertThat(fresh.stop()).as(fresh.output()).isZero();
            assertThat(after.query(
                            "SELECT count(*), count(DISTINCT \"key_group\" * 1000000000 + \"offset\") FROM \"lines\""))
                    .containsExactly((logged - lines) + " " + (logged - lines));
            assertThat(events(after)).isEqualTo(logged - visits);
        }
    }

    private static String[] options(Database database, String... more) {
        List<String> options = new ArrayList<>(database.settings());
        options.addAll(List.of(more));
        return options.toArray(String[]::new);
    }

    /** How many events the consumer group of a query has committed, of all key groups. */
    private static long committed(Chain chain, String query) {
        for (JsonNode group : chain.ledger().get("groups")) {
            if (group.get("group").textValue().endsWith("." + query)) {
                return group.get("committed").longValue();
            }
        }
        return 0;
    }

    /** In all visits together; none while there is no table. */
    private static long events(Database database) throws SQLException {
        return database.count("visits") == 0
                ? 0
                : Long.parseLong(
                        database.query("SELECT sum(\"events\") FROM \"visits\"").get(0));
    }
}
