package io.tidegate.gateway.decode.accesslog;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.decode.LineSplitter;
import io.tidegate.gateway.decode.LineSplitter.Place;
import io.tidegate.junit.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineSplitterTest {

    private static final int LIMIT = 20;

    private final List<String> lines = new ArrayList<>();
    private final LineSplitter.Lines sink = new LineSplitter.Lines() {
        @Override
        public void line(byte[] bytes, int from, int to, Place place) {
            lines.add(place.number() + "@" + place.offset() + ":" + new String(bytes, from, to - from, ISO_8859_1));
        }

        @Override
        public void tooLong(byte[] head, long length, Place place) {
            lines.add(place.number() + "@" + place.offset() + ":" + new String(head, ISO_8859_1) + "…" + length);
        }
    };

    @Test
    void lines_are_the_same_however_the_stream_is_cut() {
        Random random = Seed.of("line splitter").random();
        for (int round = 0; round < 500; round++) {
            StringBuilder text = new StringBuilder();
            List<String> expected = new ArrayList<>();
            int count = random.nextInt(20);
            for (int i = 1; i <= count; i++) {
                String line = "x".repeat(random.nextInt(3) == 0 ? random.nextInt(100) : random.nextInt(LIMIT + 2));
                boolean last = i == count && random.nextBoolean();
                if (!(last && line.isEmpty())) {
                    expected.add(i + "@" + text.length() + ":"
                            + (line.length() > LIMIT + 1 ? line.substring(0, LIMIT) + "…" + line.length() : line));
                }
                text.append(line).append(last ? "" : "\n");
            }
            byte[] bytes = text.toString().getBytes(ISO_8859_1);
            lines.clear();

            LineSplitter splitter = new LineSplitter(LIMIT, new Place(0, 0));
            for (int at = 0; at < bytes.length; ) {
                int next = Math.min(bytes.length, at + 1 + random.nextInt(30));
                splitter.feed(bytes, at, next, sink);
                at = next;
            }
            splitter.end(sink);

            assertThat(lines).isEqualTo(expected);
            assertThat(splitter.behind().offset()).isEqualTo(bytes.length);
        }
    }

    @Test
    void who_stops_behind_a_line_can_go_on_there() {
        LineSplitter first = new LineSplitter(LIMIT, new Place(0, 0));
        first.feed("a\nbc\nd".getBytes(ISO_8859_1), 0, 6, sink);
        assertThat(first.behind()).isEqualTo(new Place(2, 5));

        LineSplitter second = new LineSplitter(LIMIT, first.behind());
        second.feed("d\n".getBytes(ISO_8859_1), 0, 2, sink);

        assertThat(lines).containsExactly("1@0:a", "2@2:bc", "3@5:d");
    }
}
