package io.tidegate.gateway.log;

import static io.tidegate.gateway.log.LogFixture.NOW_MS;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.junit.Seed;
import io.tidegate.protocol.v1.Chunk;
import io.tidegate.protocol.v1.Event;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The offset that goes with a time of receipt, found by halving, is the one that looking at every event finds. */
class ReceivedFromTest {

    private final List<Long> received = new ArrayList<>();
    private long greatest = NOW_MS;

    @TempDir
    private Path folder;

    @Test
    void it_is_the_first_event_received_then_or_later() throws Exception {
        Random random = Seed.of("received from").random();
        try (LogStore store = LogFixture.open(folder)) {
            for (int i = 0; i < 60; i++) {
                LogFixture.write(store, chunk(random));
            }

            for (long time = NOW_MS - 20; time < greatest + 5; time++) {
                assertThat(store.receivedFrom(0, time)).as("at %d", time).isEqualTo(firstSince(time));
            }
            assertThat(store.receivedFrom(1, NOW_MS)).as("an empty key group").isZero();
        }
    }

    @Test
    void of_a_trimmed_log_it_is_a_retained_one() throws Exception {
        Random random = Seed.of("received from, trimmed").random();
        try (LogStore store = LogFixture.open(folder)) {
            for (int i = 0; i < 30; i++) {
                LogFixture.write(store, chunk(random));
            }
            LogFixture.expire(store, (NOW_MS + greatest) / 2);

            assertThat(store.oldest(0)).isPositive();
            assertThat(store.receivedFrom(0, 1)).isEqualTo(store.oldest(0));
            assertThat(store.receivedFrom(0, greatest)).isEqualTo(Math.max(store.oldest(0), firstSince(greatest)));
            assertThat(store.receivedFrom(0, greatest + 1)).isEqualTo(received.size());
        }
    }

    private long firstSince(long time) {
        int offset = 0;
        while (offset < received.size() && received.get(offset) < time) {
            offset++;
        }
        return offset;
    }

    /**
     * Some events, a few ms later than the ones before; one that waited longer in its source may be out of order. Never the
     * first of all: without one before it, no event was received at what its chunk would give as the greatest time.
     */
    private PendingChunk chunk(Random random) {
        Chunk.Builder chunk = Chunk.newBuilder().setKeyGroup(0).setFirstOffset(received.size());
        int count = 1 + random.nextInt(8);
        long first = received.size();
        for (int i = 0; i < count; i++) {
            boolean early = random.nextInt(5) == 0 && !received.isEmpty();
            long time = greatest + random.nextInt(6) - (early ? 10 : 0);
            greatest = Math.max(greatest, time);
            received.add(time);
            Event event = LogFixture.event("d", i, time);
            chunk.addEvents(event);
        }
        chunk.setCount(count);
        return new PendingChunk(0, first, count, greatest, 0, chunk.build().toByteString());
    }
}
