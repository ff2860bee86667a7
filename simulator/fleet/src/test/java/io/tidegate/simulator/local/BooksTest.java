package io.tidegate.simulator.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BooksTest {
    private static final String GATEWAY = """
            {"sources":[{"source":"a","received":10,"logged":7,"duplicate":1,"deadLettered":1,"presence":1,"residual":0},
                        {"source":"b","received":5,"logged":5,"duplicate":0,"deadLettered":0,"presence":0,"residual":0}],
             "groups":[{"group":"processor","committed":9,"deliveredUncommitted":1,"waiting":2}],"residual":0}""";

    @Test
    void sources_are_added_up() throws Exception {
        Books books = Books.of(Optional.of(json(GATEWAY)), Optional.empty(), Optional.empty());

        assertThat(books.received()).isEqualTo(15);
        assertThat(books.logged()).isEqualTo(12);
        assertThat(books.duplicates()).isEqualTo(1);
        assertThat(books.deadLetters()).isEqualTo(1);
        assertThat(books.presence()).isEqualTo(1);
    }

    @Test
    void the_log_is_ahead_by_what_the_slowest_query_has_not_accounted_for() throws Exception {
        String processor = """
                {"queries":[{"query":"a","applied":9,"late":1,"filtered":2},{"query":"b","applied":8,"late":0,"filtered":1}]}
                """;

        Optional<JsonNode> gateway = Optional.of(json(GATEWAY));
        Optional<JsonNode> accounts = Optional.of(json(processor));
        assertThat(Books.of(gateway, accounts, Optional.empty()).ahead()).isEqualTo(12 - 9);
        assertThat(Books.of(gateway, accounts, inSql(12)).ahead()).isEqualTo(12 - 9);
        assertThat(Books.of(gateway, accounts, inSql(7)).ahead()).isEqualTo(12 - 7);
    }

    private static Optional<JsonNode> inSql(long position) throws Exception {
        return Optional.of(json("""
                {"queries":[{"name":"a","kind":"totals"},{"name":"s","kind":"sql","progress":{"position":%d}}]}
                """.formatted(position)));
    }

    @Test
    void nobody_knows_how_far_ahead_the_log_is_without_both_ledgers() throws Exception {
        Optional<JsonNode> noQueryYet = Optional.of(json("{\"queries\":[]}"));

        assertThat(Books.of(Optional.of(json(GATEWAY)), noQueryYet, Optional.empty())
                        .ahead())
                .isEqualTo(Long.MAX_VALUE);
        assertThat(Books.of(Optional.empty(), noQueryYet, Optional.empty()).ahead())
                .isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void books_balance_only_when_both_were_read_and_nothing_is_left() throws Exception {
        Optional<JsonNode> zero = Optional.of(json("{\"residual\":0}"));
        Optional<JsonNode> one = Optional.of(json("{\"residual\":1}"));

        assertThat(Books.of(zero, zero, Optional.empty()).balance()).isTrue();
        assertThat(Books.of(one, zero, Optional.empty()).balance()).isFalse();
        assertThat(Books.of(zero, one, Optional.empty()).balance()).isFalse();
        assertThat(Books.of(zero, Optional.empty(), Optional.empty()).balance()).isFalse();
        assertThat(Books.of(zero, Optional.of(json("{}")), Optional.empty()).balance())
                .isFalse();
    }

    private static JsonNode json(String text) throws Exception {
        return new ObjectMapper().readTree(text);
    }
}
