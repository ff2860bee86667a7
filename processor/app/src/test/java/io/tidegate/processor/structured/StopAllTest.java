package io.tidegate.processor.structured;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.junit.Patience;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class StopAllTest {

    @Test
    void all_are_stopped_at_the_same_time_and_not_one_after_the_other() {
        CyclicBarrier together = new CyclicBarrier(3);
        Set<String> stopped = ConcurrentHashMap.newKeySet();

        StopAll.begin(List.of("a", "b", "c"), query -> {
                    await(together);
                    stopped.add(query);
                })
                .join();

        assertThat(stopped).containsExactlyInAnyOrder("a", "b", "c");
    }

    @Test
    void one_that_fails_does_not_keep_the_others_from_stopping() {
        Set<String> stopped = ConcurrentHashMap.newKeySet();

        CompletableFuture<Void> all = StopAll.begin(List.of("a", "bad", "c"), query -> {
            if (query.equals("bad")) {
                throw new IllegalStateException("it does not stop");
            }
            stopped.add(query);
        });

        assertThatThrownBy(all::join).hasMessageContaining("it does not stop");
        assertThat(stopped).containsExactlyInAnyOrder("a", "c");
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new AssertionError("the others are not stopped meanwhile", e);
        }
    }
}
