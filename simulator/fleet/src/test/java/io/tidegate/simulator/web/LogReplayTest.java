package io.tidegate.simulator.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogReplayTest {

    private static final String LOG = """
            a - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1
            b - - [17/May/2015:12:05:43 +0200] "GET / HTTP/1.1" 200 1
            no time at all
            c - - [17/May/2015:10:05:33 +0000] "GET / HTTP/1.1" 200 1
            d - - [17/May/2015:10:06:03 +0000] "GET / HTTP/1.1" 200 1
            """;

    @Test
    void a_line_is_due_when_the_greatest_time_so_far_is_at_the_speed_asked_for() {
        assertThat(offsets(1)).containsExactly(0L, 40_000L, 40_000L, 40_000L, 60_000L);
        assertThat(offsets(20)).containsExactly(0L, 2_000L, 2_000L, 2_000L, 3_000L);
        assertThat(offsets(0)).containsExactly(0L, 0L, 0L, 0L, 0L);
    }

    @Test
    void every_byte_is_played_again() {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i == '\n' || i == '\r' ? ' ' : i);
        }
        String text = new String(bytes, ISO_8859_1);

        LogReplay replay = new LogReplay(new BufferedReader(new StringReader(text + "\n")), 1);

        assertThat(replay.next().text().getBytes(ISO_8859_1)).isEqualTo(bytes);
        assertThat(replay.hasNext()).isFalse();
    }

    private static List<Long> offsets(double speed) {
        List<Long> offsets = new ArrayList<>();
        new LogReplay(new BufferedReader(new StringReader(LOG)), speed)
                .forEachRemaining(line -> offsets.add(line.offsetMs()));
        return offsets;
    }
}
