package io.tidegate.gateway.ingest.syslog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.tidegate.junit.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** RFC 6587: octet counting and non-transparent framing. */
class FrameReaderTest {

    private final FrameReader reader = new FrameReader(20);

    @Test
    void a_message_is_as_long_as_its_number_says_whatever_is_in_it() {
        assertThat(read("7 <1>a\nb\n3 <1>")).containsExactly(message("<1>a\nb\n"), message("<1>"));
    }

    @Test
    void without_a_number_it_ends_with_its_line_and_both_ways_may_be_mixed() {
        assertThat(read("<1>a\r\n<1>b\n4 <1>c\n\n<1>d\n"))
                .containsExactly(message("<1>a\r"), message("<1>b"), message("<1>c"), message("<1>d"));
    }

    @Test
    void the_next_message_is_found_behind_one_that_is_too_long() {
        String line = "<1>" + "x".repeat(18);

        assertThat(read(line + "\n21 " + line + "<1>" + "y".repeat(17) + "\n"))
                .containsExactly(tooLong(line), tooLong(line), message("<1>" + "y".repeat(17)));
    }

    @Test
    void a_length_of_gigabytes_takes_no_memory() {
        reader.feed("999999999 <1>a".getBytes(UTF_8), 0, 14);

        assertThat(reader.take()).isEmpty();
        reader.end();
        assertThat(reader.take())
                .containsExactly(new SyslogFrame.Broken(
                        ByteString.copyFromUtf8("<1>a"), "the connection ended behind byte 4 of a message"));
    }

    @Test
    void where_the_next_message_begins_nobody_knows_behind_a_number_that_is_none() {
        for (String bad : List.of("12x", "12<34>", "1234567890 ")) {
            FrameReader lost = new FrameReader(100);
            lost.feed((bad + "<1>behind\n").getBytes(UTF_8), 0, bad.length() + 10);

            assertThat(lost.isLost()).as(bad).isTrue();
            assertThat(lost.take()).hasSize(1).first().isInstanceOf(SyslogFrame.Broken.class);
        }
    }

    @Test
    void a_message_may_end_with_a_nul() {
        assertThat(read("<1>a\0<1>b\0\n4 <1>c\0<1>d\n"))
                .containsExactly(message("<1>a"), message("<1>b"), message("<1>c"), message("<1>d"));
    }

    @Test
    void a_length_that_is_too_small_ends_the_connection_and_its_message_does_not_count() {
        FrameReader short1 = new FrameReader(100);
        byte[] sent = "5 <1>ab6 <1>200 <1>d\n".replace("6 <1>200 ", "5 <1>200").getBytes(UTF_8);
        short1.feed(sent, 0, sent.length);

        assertThat(short1.isLost()).isTrue();
        assertThat(short1.take())
                .hasSize(3)
                .allSatisfy(frame -> assertThat(frame).isInstanceOf(SyslogFrame.Broken.class));
    }

    @Test
    void a_length_that_is_too_great_is_found_behind_the_next_message() {
        FrameReader long1 = new FrameReader(100);
        byte[] sent = "5 <1>a12 <1>a 200 5 <1>b".getBytes(UTF_8);
        long1.feed(sent, 0, sent.length);

        assertThat(long1.isLost()).isTrue();
        assertThat(long1.take()).allSatisfy(frame -> assertThat(frame).isInstanceOf(SyslogFrame.Broken.class));
    }

    @Test
    void what_is_held_back_is_taken_when_nothing_comes_for_a_while() {
        byte[] sent = "4 <1>a4 <1>b4 <1>c4 <1".getBytes(UTF_8);
        reader.feed(sent, 0, sent.length);

        assertThat(reader.take()).containsExactly(message("<1>a"));
        reader.silence();
        assertThat(reader.take()).containsExactly(message("<1>b"), message("<1>c"));
    }

    @Test
    void what_is_cut_off_is_no_message() {
        for (String cut : List.of("<1>a", "9 <1>a", "9 ", "9")) {
            FrameReader ended = new FrameReader(100);
            ended.feed(cut.getBytes(UTF_8), 0, cut.length());
            ended.end();

            assertThat(ended.take()).as(cut).hasSize(1).first().isInstanceOf(SyslogFrame.Broken.class);
        }
    }

    @Test
    void it_does_not_matter_in_which_blocks_the_bytes_come() {
        RandomGenerator random = Seed.of("frames").random();
        StringBuilder sent = new StringBuilder();
        List<SyslogFrame> expected = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            String message = "<1>" + "z".repeat(random.nextInt(30));
            boolean counted = random.nextBoolean();
            sent.append(counted ? message.length() + " " + message : message + "\n");
            expected.add(message.length() > 20 ? tooLong(message) : message(message));
        }
        byte[] bytes = sent.toString().getBytes(UTF_8);
        for (int at = 0; at < bytes.length; ) {
            int to = Math.min(bytes.length, at + 1 + random.nextInt(50));
            reader.feed(bytes, at, to);
            at = to;
        }
        reader.end();

        assertThat(reader.take()).isEqualTo(expected);
    }

    private List<SyslogFrame> read(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        reader.feed(bytes, 0, bytes.length);
        reader.end();
        return reader.take();
    }

    private static SyslogFrame message(String text) {
        return new SyslogFrame.Message(ByteString.copyFromUtf8(text));
    }

    private static SyslogFrame tooLong(String text) {
        return new SyslogFrame.TooLong(ByteString.copyFromUtf8(text.substring(0, 20)), text.length(), 20);
    }
}
