package io.tidegate.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** Under a clock of its own, which stands still but for pauses and for what the test says. */
class PacedInputStreamTest {

    private static final int ROOM = 10;

    private long nowNanos = 1_000;
    private final List<Long> pauses = new ArrayList<>();
    private final Queue<Integer> arriving = new ArrayDeque<>();
    private final PacedInputStream in =
            new PacedInputStream(new Arriving(), Duration.ofNanos(50), () -> nowNanos, until -> {
                pauses.add(until);
                nowNanos = Math.max(nowNanos, until);
            });

    /** A socket that has so many bytes at each read. */
    private final class Arriving extends InputStream {
        @Override
        public int read() {
            throw new AssertionError("bytes are read many at a time");
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            return Math.min(length, arriving.remove());
        }
    }

    private int read(int arrived) throws IOException {
        arriving.add(arrived);
        return in.read(new byte[ROOM], 0, ROOM);
    }

    @Test
    void the_first_read_does_not_wait_and_those_behind_it_wait_for_the_interval() throws IOException {
        assertThat(read(3)).isEqualTo(3);
        assertThat(pauses).isEmpty();

        nowNanos += 20;
        assertThat(read(4)).isEqualTo(4);
        assertThat(read(5)).isEqualTo(5);

        assertThat(pauses).containsExactly(1_050L, 1_100L);
    }

    @Test
    void who_found_as_much_as_there_is_room_for_reads_on_at_once() throws IOException {
        read(ROOM);
        read(ROOM);
        read(3);
        assertThat(pauses).isEmpty();

        read(ROOM);
        assertThat(pauses).containsExactly(1_050L);
    }

    @Test
    void a_pause_of_a_read_that_comes_late_is_over_already() throws IOException {
        read(3);
        nowNanos += 500;
        read(3);

        assertThat(pauses).containsExactly(1_050L);
        assertThat(nowNanos).isEqualTo(1_500L);
    }
}
