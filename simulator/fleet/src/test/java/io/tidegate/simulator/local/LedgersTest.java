package io.tidegate.simulator.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LedgersTest {
    private static final String GATEWAY = """
            {"sources":[{"source":"a","received":10,"logged":7,"duplicate":1,"deadLettered":1,"presence":1,"residual":0},
                        {"source":"b","received":5,"logged":5,"duplicate":0,"deadLettered":0,"presence":0,"residual":0}],
             "groups":[{"group":"processor","committed":9,"deliveredUncommitted":1,"waiting":2}],"residual":0}""";

    @Test
    void sources_are_added_up() throws Exception {
        Ledgers ledgers = Ledgers.of(Optional.of(json(GATEWAY)), Optional.empty(), Optional.empty());

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

        Optional<JsonNode> gateway = Optional.of(json(GATEWAY));
        Optional<JsonNode> accounts = Optional.of(json(processor));
        assertThat(Ledgers.of(gateway, accounts, Optional.empty()).backlog()).isEqualTo(12 - 9);
        assertThat(Ledgers.of(gateway, accounts, sqlQueries(12)).backlog()).isEqualTo(12 - 9);
        assertThat(Ledgers.of(gateway, accounts, sqlQueries(7)).backlog()).isEqualTo(12 - 7);
    }

    private static Optional<JsonNode> sqlQueries(long position) throws Exception {
        return Optional.of(json("""
                {"queries":[{"name":"a","kind":"totals"},{"name":"s","kind":"sql","progress":{"position":%d}}]}
                """.formatted(position)));
    }

    @Test
    void nobody_knows_how_far_ahead_the_log_is_without_both_ledgers() throws Exception {
        Optional<JsonNode> noQueryYet = Optional.of(json("{\"queries\":[]}"));

        assertThat(Ledgers.of(Optional.of(json(GATEWAY)), noQueryYet, Optional.empty())
                        .backlog())
                .isEqualTo(Long.MAX_VALUE);
        assertThat(Ledgers.of(Optional.empty(), noQueryYet, Optional.empty()).backlog())
                .isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void books_balance_only_when_both_were_read_and_nothing_is_left() throws Exception {
        Optional<JsonNode> zero = Optional.of(json("{\"residual\":0}"));
        Optional<JsonNode> one = Optional.of(json("{\"residual\":1}"));

        assertThat(Ledgers.of(zero, zero, Optional.empty()).isBalanced()).isTrue();
        assertThat(Ledgers.of(one, zero, Optional.empty()).isBalanced()).isFalse();
        assertThat(Ledgers.of(zero, one, Optional.empty()).isBalanced()).isFalse();
        assertThat(Ledgers.of(zero, Optional.empty(), Optional.empty()).isBalanced())
                .isFalse();
        assertThat(Ledgers.of(zero, Optional.of(json("{}")), Optional.empty()).isBalanced())
                .isFalse();
    }

    private static JsonNode json(String text) throws Exception {
        return new ObjectMapper().readTree(text);
    }
}
