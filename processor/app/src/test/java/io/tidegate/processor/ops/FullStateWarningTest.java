package io.tidegate.processor.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.processor.aggregate.StateSize;
import io.tidegate.processor.query.Query;
import io.tidegate.processor.query.QueryKind;
import io.tidegate.processor.query.RowExpressions;
import io.tidegate.processor.query.Target;
import io.tidegate.spark.event.EventTable;
import java.util.List;
import org.junit.jupiter.api.Test;

class FullStateWarningTest {

    private static final Query QUERY = new Query(
            "clients",
            new RowExpressions(EventTable.REQUESTS, "", List.of(), "bytes"),
            new QueryKind.Totals(1_000, 500, QueryKind.UNBOUNDED),
            List.of(Target.MQTT));

    @Test
    void a_query_that_drops_keys_is_told_for_ten_minutes() {
        StateSize full = new StateSize(500, 1, 3, 0, 60_000);

        assertThat(FullStateWarning.reason(QUERY, full, 60_000))
                .contains("query clients: more keys than max-keys 500, 3 of the oldest were dropped");
        assertThat(FullStateWarning.reason(QUERY, full, 660_000)).isPresent();
        assertThat(FullStateWarning.reason(QUERY, full, 660_001)).isEmpty();
    }

    @Test
    void a_query_that_has_room_or_forgets_what_is_old_is_not_told() {
        assertThat(FullStateWarning.reason(QUERY, new StateSize(500, 1, 0, 9, 0), 60_000))
                .isEmpty();
    }
}
