package io.tidegate.simulator.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import org.junit.jupiter.api.Test;

class LedgersTest {
    private static final JsonNode MISSING = MissingNode.getInstance();
    private static final String GATEWAY = """
            {"sources":[{"source":"a","received":10,"logged":7,"duplicate":1,"deadLettered":1,"presence":1,"residual":0},
                        {"source":"b","received":5,"logged":5,"duplicate":0,"deadLettered":0,"presence":0,"residual":0}],
             "groups":[{"group":"processor","committed":9,"deliveredUncommitted":1,"waiting":2}],"residual":0}""";

    @Test
    void sources_are_added_up() throws Exception {
        Ledgers ledgers = new Ledgers(json(GATEWAY), MISSING, MISSING);

        assertThat(ledgers.received()).isEqualTo(15);
        assertThat(ledgers.logged()).isEqualTo(12);
        assertThat(ledgers.duplicates()).isEqualTo(1);
        assertThat(ledgers.deadLetters()).isEqualTo(1);
        assertThat(ledgers.presence()).isEqualTo(1);
    }

    @Test
    void the_log_is_ahead_by_what_the_slowest_query_has_not_accounted_for() throws Exception {
        String processor = """
                {"queries":[{"query":"a","applied":9,"late":1,"filtered":2},{"query":"b","applied":8,"late":0,"filtered":1}]}
                """;

        JsonNode gateway = json(GATEWAY);
        JsonNode accounts = json(processor);
        assertThat(new Ledgers(gateway, accounts, MISSING).backlog()).isEqualTo(12 - 9);
        assertThat(new Ledgers(gateway, accounts, sqlQueries(12)).backlog()).isEqualTo(12 - 9);
        assertThat(new Ledgers(gateway, accounts, sqlQueries(7)).backlog()).isEqualTo(12 - 7);
    }

    private static JsonNode sqlQueries(long position) throws Exception {
        return json("""
                {"queries":[{"name":"a","kind":"totals"},{"name":"s","kind":"sql","progress":{"position":%d}}]}
                """.formatted(position));
    }

    @Test
    void nobody_knows_how_far_ahead_the_log_is_without_both_ledgers() throws Exception {
        JsonNode noQueryYet = json("{\"queries\":[]}");

        assertThat(new Ledgers(json(GATEWAY), noQueryYet, MISSING).backlog()).isEqualTo(Long.MAX_VALUE);
        assertThat(new Ledgers(MISSING, noQueryYet, MISSING).backlog()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void ledgers_balance_only_when_both_were_read_and_nothing_is_left() throws Exception {
        JsonNode zero = json("{\"residual\":0}");
        JsonNode one = json("{\"residual\":1}");

        assertThat(new Ledgers(zero, zero, MISSING).isBalanced()).isTrue();
        assertThat(new Ledgers(one, zero, MISSING).isBalanced()).isFalse();
        assertThat(new Ledgers(zero, one, MISSING).isBalanced()).isFalse();
        assertThat(new Ledgers(zero, MISSING, MISSING).isBalanced()).isFalse();
        assertThat(new Ledgers(zero, json("{}"), MISSING).isBalanced()).isFalse();
    }

    private static JsonNode json(String text) throws Exception {
        return new ObjectMapper().readTree(text);
    }
}
