package io.tidegate.processor.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.processor.job.Ledger.QueryAccount;
import io.tidegate.processor.job.Ledger.Row;
import io.tidegate.processor.partial.LedgerCounts;
import io.tidegate.processor.partial.LedgerCounts.Fate;
import io.tidegate.processor.partial.QueryKey;
import io.tidegate.processor.query.Kind;
import io.tidegate.processor.sink.Sinks;
import io.tidegate.spark.sink.mqtt.MqttTarget;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class FailureTest {

    private static final Plan PLAN =
            new Plan(List.of(GraphTest.query("s", "", List.of("device"), new Kind.Sessions(1, 1, 1))), 4, 2, "gw");

    @Test
    void after_a_failed_batch_no_other_is_begun() {
        ThisStart start = new ThisStart(
                PLAN,
                new Sinks(MqttTarget.of(URI.create("tcp://localhost:1"), "nobody"), Map.of(), Path.of("nowhere")),
                batch -> new TreeMap<>(),
                (q, n) -> {},
                l -> {});
        start.refuseAfterFailure(1_000);

        IllegalStateException cause = new IllegalStateException("the disk is on fire");
        start.failed(cause);
        start.failed(new IllegalStateException("and more"));

        assertThat(start.failure()).isSameAs(cause);
        assertThatThrownBy(() -> start.refuseAfterFailure(2_000))
                .hasMessageContaining("2000")
                .hasCause(cause);
    }

    @Test
    void the_ledger_adds_up_states_and_compares_with_the_door() {
        LedgerCounts one = new LedgerCounts(new TreeMap<>(Map.of(0, new Fate(5, 1, 0), 1, new Fate(2, 0, 0))));
        LedgerCounts other = new LedgerCounts(new TreeMap<>(Map.of(0, new Fate(0, 0, 4))));

        Ledger ledger = Ledger.of(
                PLAN,
                7_000,
                new TreeMap<>(Map.of(0, 10L, 1, 3L)),
                Map.of(new QueryKey(0, 2), one, new QueryKey(0, QueryKey.LEDGER_GROUP), other));

        assertThat(ledger.residual()).isEqualTo(1);
        QueryAccount account = ledger.queries().get(0);
        assertThat(account.keyGroups()).containsExactly(new Row(0, 10, 5, 1, 4, 0), new Row(1, 3, 2, 0, 0, 1));
        assertThat(account.pulled()).isEqualTo(13);
    }
}
