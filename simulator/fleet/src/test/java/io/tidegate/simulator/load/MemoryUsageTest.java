package io.tidegate.simulator.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.simulator.local.Endpoint;
import io.tidegate.simulator.local.PrometheusText;
import org.junit.jupiter.api.Test;

class MemoryUsageTest {
    private final MemoryUsage watch = new MemoryUsage(new Endpoint("http://127.0.0.1:1"), ProcessHandle.current());

    @Test
    void what_is_held_is_the_least_of_the_first_and_of_the_last_fifth() {
        int[] mib = {90, 30, 80, 20, 70, 10, 60, 95, 40, 99};
        for (int used : mib) {
            watch.add(page(used), used + 1.0);
        }

        assertThat(watch.figures()).contains(new MemoryUsage.Figures(30, 40, 31.0, 41.0));
        assertThat(watch.leastHeap()).as("of the whole time").contains(10.0);
    }

    @Test
    void where_the_system_does_not_say_there_is_the_heap() {
        watch.add(page(5), null);

        assertThat(watch.figures()).contains(new MemoryUsage.Figures(5, 5, null, null));
    }

    @Test
    void nothing_seen_is_nothing_said() throws Exception {
        watch.poll(); // nobody answers there

        assertThat(watch.figures()).isEmpty();
    }

    private static PrometheusText page(int mib) {
        return new PrometheusText("""
                jvm_memory_used_bytes{area="heap",id="G1 Eden Space"} 1048576.0
                jvm_memory_used_bytes{area="heap",id="G1 Old Gen"} %d.0
                jvm_memory_used_bytes{area="nonheap",id="Metaspace"} 7.0E7
                """.formatted((mib - 1L) << 20));
    }
}
