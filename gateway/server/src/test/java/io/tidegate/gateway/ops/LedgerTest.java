package io.tidegate.gateway.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.http.Reply;
import io.tidegate.gateway.log.GroupCursors;
import io.tidegate.gateway.log.LogTotals;
import io.tidegate.gateway.log.Tally;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LedgerTest {

    private static final GroupCursors GROUP =
            new GroupCursors("processor", "run", 1, List.of(40L, 20L), List.of(30L, 10L));

    @Test
    void books_that_balance_have_no_residual() {
        Tally tally = new Tally(128, 100, 10, 5, 6, 4, 3);
        Ledger ledger = Ledger.of(new LogTotals(Map.of("mqtt", tally), 100, 20, 80), Map.of(GROUP, 7L));

        assertThat(Reply.json(200, ledger).body())
                .isEqualTo("{\"sources\":[{\"source\":\"mqtt\",\"received\":128,\"logged\":100,\"duplicate\":10,"
                        + "\"deadLettered\":5,\"refused\":6,\"presence\":4,\"retainedIgnored\":3,\"residual\":0}],"
                        + "\"log\":{\"logged\":100,\"trimmed\":20,\"retained\":80,\"residual\":0},"
                        + "\"groups\":[{\"group\":\"processor\",\"logged\":100,\"committed\":33,\"expired\":7,"
                        + "\"deliveredUncommitted\":20,\"waiting\":40,\"residual\":0}],\"residual\":0}\n");
    }

    @Test
    void what_a_source_cannot_explain_is_a_residual() {
        Tally tally = new Tally(130, 100, 10, 5, 6, 4, 3);

        assertThat(Ledger.of(new LogTotals(Map.of("mqtt", tally), 100, 20, 80), Map.of())
                        .residual())
                .isEqualTo(2);
    }

    @Test
    void events_in_the_log_that_no_source_brought_are_a_residual() {
        Tally tally = new Tally(100, 100, 0, 0, 0, 0, 0);

        assertThat(Ledger.of(new LogTotals(Map.of("mqtt", tally), 101, 20, 81), Map.of())
                        .residual())
                .isEqualTo(1);
        assertThat(Ledger.of(new LogTotals(Map.of("mqtt", tally), 100, 20, 79), Map.of())
                        .residual())
                .isEqualTo(1);
    }

    @Test
    void a_group_that_is_ahead_of_the_log_is_a_residual() {
        Tally tally = new Tally(50, 50, 0, 0, 0, 0, 0);

        assertThat(Ledger.of(new LogTotals(Map.of("mqtt", tally), 50, 0, 50), Map.of(GROUP, 7L))
                        .residual())
                .isEqualTo(10);
    }
}
