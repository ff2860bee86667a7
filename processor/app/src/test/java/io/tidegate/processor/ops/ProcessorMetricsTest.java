package io.tidegate.processor.ops;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessorMetricsTest {
    @Test
    void the_page_has_the_heap_that_is_used() {
        assertThat(new ProcessorMetrics().reply().body().lines())
                .anyMatch(line -> line.startsWith("jvm_memory_used_bytes{area=\"heap\""));
    }
}
