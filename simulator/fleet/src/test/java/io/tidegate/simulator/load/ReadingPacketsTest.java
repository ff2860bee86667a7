package io.tidegate.simulator.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ReadingPacketsTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00.007Z");

    @Test
    void a_packet_has_topic_number_and_one_reading() throws Exception {
        ReadingPackets packets = new ReadingPackets("load", 11, 1);

        Published published = written(packets, 10, 54_321, 1_234_567);

        assertThat(published.topic).isEqualTo("sensors/load-10/temperature");
        assertThat(published.packetId).isEqualTo(54_321);
        assertThat(published.json.path("time").asText()).isEqualTo("2026-11-22T10:00:00.007Z");
        assertThat(published.json.path("seq").longValue()).isEqualTo(1_234_567);
        assertThat(published.json.path("value").doubleValue()).isBetween(10.0, 40.0);
    }

    @Test
    void an_array_has_readings_of_consecutive_numbers_and_times_up_to_now() throws Exception {
        ReadingPackets packets = new ReadingPackets("load", 3, 50);

        Published published = written(packets, 2, 1, 99);

        assertThat(published.topic).isEqualTo("sensors/load-2");
        assertThat(published.json).hasSize(50);
        for (int i = 0; i < 50; i++) {
            JsonNode reading = published.json.get(i);
            assertThat(reading.path("seq").longValue()).isEqualTo(99 + i);
            assertThat(Instant.parse(reading.path("time").asText())).isEqualTo(NOW.minusMillis(49 - i));
            assertThat(reading.path("temperature").isNumber()).isTrue();
        }
    }

    @Test
    void a_packet_is_never_longer_than_announced() {
        ReadingPackets packets = new ReadingPackets("load", 1_000, 7);

        int end = packets.write(new byte[10_000], 0, 999, 1, Long.MAX_VALUE - 7, NOW.toEpochMilli());

        assertThat(end).isLessThanOrEqualTo(packets.mostBytes());
    }

    private static Published written(ReadingPackets packets, int device, int packetId, long seq) throws Exception {
        byte[] bytes = new byte[packets.mostBytes() + 5];
        int end = packets.write(bytes, 5, device, packetId, seq, NOW.toEpochMilli());
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, 5, end - 5));
        assertThat(in.readByte()).isEqualTo((byte) 0x32);
        int length = 0;
        int shift = 0;
        int more;
        do {
            more = in.readByte() & 0xFF;
            length += (more % 128) << shift;
            shift += 7;
        } while (more >= 128);
        assertThat(in.available()).isEqualTo(length);
        String topic = in.readUTF();
        int id = in.readUnsignedShort();
        return new Published(topic, id, new ObjectMapper().readTree(new String(in.readAllBytes(), UTF_8)));
    }

    private record Published(String topic, int packetId, JsonNode json) {}
}
