package io.tidegate.simulator.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
    void a_result_without_it_is_refused() {
        assertThatThrownBy(() -> ResultSubscriber.number(RESULT, "\"sum\":".getBytes(US_ASCII)))
                .hasMessageContaining("\"sum\":");
    }
}
