package io.tidegate.spark.client.internal;

import com.google.protobuf.ByteString;
import io.tidegate.protocol.KeyGroups;
import io.tidegate.protocol.v1.Chunk;
import io.tidegate.protocol.v1.Event;
import io.tidegate.protocol.v1.Reading;
import io.tidegate.protocol.v1.TimeSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Events in memory; chunks are cut anew at every reading, at random, and may begin before what was asked for. */
final class FakeLog {
    private static final int MAX_CHUNK = 40;

    private final List<List<Event>> events = new ArrayList<>();
    private final Map<String, Long> countByDevice = new HashMap<>();

    FakeLog(int keyGroups) {
        for (int kg = 0; kg < keyGroups; kg++) {
            events.add(new ArrayList<>());
        }
    }

    int keyGroups() {
        return events.size();
    }

    void append(String device, double value) {
        long nowMs = System.currentTimeMillis();
        append(
                device,
                Event.newBuilder()
                        .setTimeUs(nowMs * 1000)
                        .setReceivedMs(nowMs)
                        .setTimeSource(TimeSource.RECEIVED)
                        .setReading(Reading.newBuilder()
                                .setDevice(device)
                                .setMetric("m")
                                .setValue(value))
                        .build());
    }

    void append(String key, Event event) {
        events.get(KeyGroups.of(key, events.size())).add(event);
        countByDevice.merge(key, 1L, Long::sum);
    }

    Map<String, Long> countByDevice() {
        return countByDevice;
    }

    long end(int keyGroup) {
        return events.get(keyGroup).size();
    }

    /** The offset of the first event received then or later. */
    long receivedFrom(int keyGroup, long timeMs) {
        int offset = 0;
        while (offset < events.get(keyGroup).size()
                && events.get(keyGroup).get(offset).getReceivedMs() < timeMs) {
            offset++;
        }
        return offset;
    }

    /** Chunks that cover the range, the first perhaps from before it. */
    List<ByteString> chunks(int keyGroup, long from, long until, Random random) {
        List<ByteString> chunks = new ArrayList<>();
        long at = Math.max(0, from - random.nextInt(3));
        while (at < until) {
            long next = Math.min(until, Math.max(from, at) + 1 + random.nextInt(MAX_CHUNK));
            chunks.add(chunk(keyGroup, at, next).toByteString());
            at = next;
        }
        return chunks;
    }

    private Chunk chunk(int keyGroup, long first, long next) {
        List<Event> part = events.get(keyGroup).subList((int) first, (int) next);
        return Chunk.newBuilder()
                .setKeyGroup(keyGroup)
                .setFirstOffset(first)
                .setCount(part.size())
                .addAllEvents(part)
                .build();
    }
}
