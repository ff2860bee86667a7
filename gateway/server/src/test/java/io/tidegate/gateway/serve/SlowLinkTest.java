package io.tidegate.gateway.serve;

import static io.tidegate.gateway.log.LogFixture.upTo;
import static io.tidegate.gateway.serve.PullFixture.GROUP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.tidegate.harness.FaultProxy;
import io.tidegate.harness.FaultProxy.Direction;
import io.tidegate.junit.Seed;
import io.tidegate.junit.SlowTest;
import io.tidegate.protocol.v1.EventPullGrpc;
import io.tidegate.protocol.v1.Frame;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;

/**
 * G4 of the fault catalogue: 1 Mbit/s, 200 ms each way, and the pauses that a receiver sees of lost packets (TCP sends them
 * again after 200 ms and more, and what came behind them waits).
 */
class SlowLinkTest {

    private static final int CHUNK = 100;
    private static final int CHUNKS = 400;
    private static final int WINDOW = 2_000;
    private static final long PLENTY = 1L << 40;

    private final Random random = Seed.of("SlowLinkTest").random();
    private long granted;
    private long taken;
    private int read;

    @SlowTest(seconds = 60)
    void a_slow_and_lossy_link_loses_no_event_and_no_credit_and_recovers_at_once(@TempDir Path folder)
            throws Exception {
        try (PullFixture gateway = new PullFixture(folder, PullFixture.settings(16 << 10));
                FaultProxy link = FaultProxy.to(gateway.server.port())) {
            IntStream.range(0, CHUNKS).forEach(i -> gateway.log(0, CHUNK));
            slow(link);
            ManagedChannel channel = PullFixture.channel(link.port());
            TestReceiver receiver = TestReceiver.connect(EventPullGrpc.newStub(channel), GROUP, gateway.beginRun("r1"));
            grant(receiver, WINDOW);

            await().pollInterval(Duration.ofMillis(20)).until(() -> {
                loss(link);
                giveBack(receiver);
                return taken >= CHUNKS * CHUNK / 4;
            });
            assertThat(taken).as("the link is slow").isLessThan(CHUNKS * CHUNK);
            link.heal();
            await().until(() -> {
                giveBack(receiver);
                return taken == CHUNKS * CHUNK;
            });

            assertThat(receiver.values(0)).isEqualTo(upTo(CHUNKS * CHUNK));
            long left = granted - taken;
            assertThat(left).as("what was given is what came, and the window").isEqualTo(WINDOW);
            IntStream.range(0, WINDOW / CHUNK + 10).forEach(i -> gateway.log(0, CHUNK));
            await().until(() -> takenMore(receiver) == left);
            long before = receiver.progressCount();
            await().until(() -> receiver.progressCount() > before + 5);
            assertThat(takenMore(receiver))
                    .as("the gateway counts the same credit")
                    .isEqualTo(left);
            channel.shutdownNow();
        }
    }

    private static void slow(FaultProxy link) {
        link.throttle(125_000);
        link.delay(Duration.ofMillis(200));
    }

    /** Of every twenty times one: the link stands still until a packet was sent again. */
    private void loss(FaultProxy link) throws InterruptedException {
        if (random.nextInt(20) == 0) {
            link.stall(random.nextBoolean() ? Direction.TO_CLIENT : Direction.TO_TARGET);
            Thread.sleep(200 + random.nextInt(200)); // what the fault lasts, nothing is waited for
            link.heal();
            slow(link);
        }
    }

    private void grant(TestReceiver receiver, long events) {
        granted += events;
        receiver.credit(events, PLENTY);
    }

    private void giveBack(TestReceiver receiver) {
        long more = takenMore(receiver);
        if (more > 0) {
            taken += more;
            read = receiver.received();
            grant(receiver, more);
            receiver.ack(0, taken);
        }
    }

    /** Events that came since the last credit. */
    private long takenMore(TestReceiver receiver) {
        return IntStream.range(read, receiver.received())
                .mapToObj(receiver::received)
                .filter(response -> response.hasFrame())
                .mapToLong(response -> events(response.getFrame()))
                .sum();
    }

    private static long events(Frame frame) {
        return frame.getNext() - frame.getFrom();
    }
}
