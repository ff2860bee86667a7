package io.tidegate.processor.dstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.processor.key.QueryKey;
import io.tidegate.processor.ledger.Ledger;
import io.tidegate.processor.ledger.Ledger.QueryAccount;
import io.tidegate.processor.ledger.Ledger.Row;
import io.tidegate.processor.ledger.LedgerCounts;
import io.tidegate.processor.ledger.LedgerCounts.EventCounts;
import io.tidegate.processor.query.QueryKind;
import io.tidegate.processor.sink.Sinks;
import io.tidegate.spark.sink.mqtt.MqttTarget;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class FailureTest {

    private static final JobPlan PLAN = new JobPlan(
            List.of(StreamGraphTest.query("s", "", List.of("device"), new QueryKind.Sessions(1, 1, 1))), 4, 2, "gw");

    @Test
    void after_a_failed_batch_no_other_is_begun() {
        RunContext run = new RunContext(
                PLAN,
                new Sinks(MqttTarget.of(URI.create("tcp://localhost:1"), "nobody"), Map.of(), Path.of("nowhere")),
                batch -> new TreeMap<>(),
                (q, n) -> {},
                l -> {});
        run.refuseAfterFailure(1_000);

        IllegalStateException cause = new IllegalStateException("the disk is on fire");
        run.failed(cause);
        run.failed(new IllegalStateException("and more"));

        assertThat(run.failure()).isSameAs(cause);
        assertThatThrownBy(() -> run.refuseAfterFailure(2_000))
                .hasMessageContaining("2000")
                .hasCause(cause);
    }

    @Test
    void the_ledger_adds_up_states_and_compares_with_the_door() {
        LedgerCounts one =
                new LedgerCounts(new TreeMap<>(Map.of(0, new EventCounts(5, 1, 0), 1, new EventCounts(2, 0, 0))));
        LedgerCounts other = new LedgerCounts(new TreeMap<>(Map.of(0, new EventCounts(0, 0, 4))));

        Ledger ledger = Ledger.of(
                PLAN.names(),
                7_000,
                new TreeMap<>(Map.of(0, 10L, 1, 3L)),
                Map.of(new QueryKey(0, 2), one, new QueryKey(0, QueryKey.LEDGER_GROUP), other));

        assertThat(ledger.residual()).isEqualTo(1);
        QueryAccount account = ledger.queries().get(0);
        assertThat(account.keyGroups()).containsExactly(new Row(0, 10, 5, 1, 4, 0), new Row(1, 3, 2, 0, 0, 1));
        assertThat(account.pulled()).isEqualTo(13);
    }
}
