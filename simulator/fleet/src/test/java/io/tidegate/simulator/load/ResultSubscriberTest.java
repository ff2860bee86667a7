package io.tidegate.simulator.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ResultSubscriberTest {
    private static final byte[] RESULT =
            "{\"query\":\"\"batc\",\"batch\":1763805660000,\"key\":{\"device\":\"d\"},\"count\":42}".getBytes(US_ASCII);

    @Test
    void a_number_is_found_by_its_name() {
        assertThat(ResultSubscriber.number(RESULT, "\"batch\":".getBytes(US_ASCII)))
                .isEqualTo(1_763_805_660_000L);
        assertThat(ResultSubscriber.number(RESULT, "\"count\":".getBytes(US_ASCII)))
                .isEqualTo(42);
    }

    @Test
    void a_space_may_stand_before_a_number() {
        assertThat(ResultSubscriber.number("{\"count\": 7}".getBytes(US_ASCII), "\"count\":".getBytes(US_ASCII)))
                .isEqualTo(7);
    }

    @Test
    void a_result_with_something_else_in_its_place_is_refused() {
        for (String json : List.of("{\"count\":\"7\"}", "{\"count\":-7}", "{\"count\":")) {
            assertThatThrownBy(() -> ResultSubscriber.number(json.getBytes(US_ASCII), "\"count\":".getBytes(US_ASCII)))
                    .hasMessage("\"count\": has no whole number in a result");
        }
    }

    @Test
    void a_result_without_it_is_refused() {
        assertThatThrownBy(() -> ResultSubscriber.number(RESULT, "\"sum\":".getBytes(US_ASCII)))
                .hasMessageContaining("\"sum\":");
    }
}
