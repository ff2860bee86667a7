package io.tidegate.chain;

import static org.awaitility.Awaitility.await;

import io.tidegate.harness.GatewayLog;
import io.tidegate.harness.Program;
import io.tidegate.harness.RecordingPublisher;
import io.tidegate.harness.SentReading;
import io.tidegate.junit.Seed;
import io.tidegate.protocol.v1.Event;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * M12 of the fault catalogue: 200,000 devices that nobody has heard of, at a gateway that tracks a quarter of them; within a
 * minute, on a machine that keeps up. The same rate from few devices, before, is what it is compared with.
 *
 * @param sent all of it
 * @param logged what the gateway has
 * @param reasons why it is not well, in its own words
 * @param floodMs when the flood began
 * @param growthMb how much more memory it had after the flood
 * @param exit of the gateway
 */
record ManyDevicesLoad(
        List<SentReading> sent, List<Event> logged, String reasons, long floodMs, long growthMb, int exit) {

    static final int TRACKED = 50_000;
    private static final int RATE = 4_000;
    private static final int HEAP_MB = 192;
    private static final int BEFORE = 80_000;
    private static final int FLOOD = 240_000;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** So many to choose from that of 240,000 readings 200,000 are of different devices. */
    private static final int NAMES = 750_000;

    static ManyDevicesLoad run(Path folder) throws IOException {
        Seed seed = Seed.of("many devices");
        try (Chain chain = new Chain(folder)) {
            chain.startBroker();
            Program gateway = chain.startGateway(
                    List.of("env", "JAVA_OPTS=-Xmx" + HEAP_MB + "m"),
                    "-Dtidegate.gateway.devices.max-devices=" + TRACKED);
            chain.awaitGateway();
            try (RecordingPublisher probe =
                    RecordingPublisher.start(chain.brokerPort(), new RecordingPublisher.Plan("probe", 10, 100), seed)) {
                List<SentReading> sent =
                        new ArrayList<>(publish(chain, new RecordingPublisher.Plan("few", 100, RATE), BEFORE, seed));
                long beforeMb = Chain.residentBytes(gateway) >> 20;
                long floodMs = System.currentTimeMillis();
                sent.addAll(publish(chain, new RecordingPublisher.Plan("new", NAMES, RATE), FLOOD, seed));
                long growthMb = (Chain.residentBytes(gateway) >> 20) - beforeMb;
                probe.finish();
                await().until(probe::isDrained);
                sent.addAll(probe.sent());
                chain.awaitLogged(sent.size());
                List<Event> logged = GatewayLog.events(chain.pullPort());
                return new ManyDevicesLoad(sent, logged, chain.reasons(), floodMs, growthMb, gateway.stop());
            }
        }
    }

    /** What was sent: so many readings, and some more. */
    private static List<SentReading> publish(Chain chain, RecordingPublisher.Plan plan, int readings, Seed seed) {
        try (RecordingPublisher publisher = RecordingPublisher.start(chain.brokerPort(), plan, seed)) {
            await().atMost(PATIENCE).until(() -> publisher.sent().size() >= readings);
            publisher.finish();
            await().atMost(PATIENCE).until(publisher::isDrained);
            return publisher.sent();
        }
    }

    /** How long after its sending the probe's readings were received before the flood, the 99th percentile. */
    long calmMs() {
        return delayMs(0, floodMs);
    }

    /** The same from then on. */
    long floodedMs() {
        return delayMs(floodMs, Long.MAX_VALUE);
    }

    private long delayMs(long fromMs, long untilMs) {
        List<Long> delays = logged.stream()
                .filter(event -> event.getReading().getDevice().startsWith("probe-"))
                .filter(event -> event.getTimeUs() / 1_000 >= fromMs && event.getTimeUs() / 1_000 < untilMs)
                .map(event -> event.getReceivedMs() - event.getTimeUs() / 1_000)
                .sorted()
                .toList();
        return delays.get(delays.size() * 99 / 100);
    }
}
