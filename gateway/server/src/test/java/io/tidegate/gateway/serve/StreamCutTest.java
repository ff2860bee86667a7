package io.tidegate.gateway.serve;

import static io.tidegate.gateway.log.LogFixture.upTo;
import static io.tidegate.gateway.serve.PullFixture.GROUP;
import static io.tidegate.gateway.serve.PullFixture.position;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.tidegate.harness.FaultProxy;
import io.tidegate.harness.FaultProxy.Direction;
import io.tidegate.junit.Patience;
import io.tidegate.junit.Seed;
import io.tidegate.protocol.v1.EventPullGrpc;
import io.tidegate.protocol.v1.Frame;
import io.tidegate.protocol.v1.KeyGroupOffsets;
import io.tidegate.protocol.v1.Position;
import io.tidegate.protocol.v1.PullResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * G2 of the fault catalogue: a receiver that keeps its own books walks at random through the protocol, over a link that is
 * cut anywhere, between a gateway that restarts and runs that follow one another. Whatever comes must fit the books:
 *
 * <pre>
 * acknowledged and known to be so  &lt;=  where a session begins  &lt;=  acknowledged at all  &lt;=  held
 * every frame begins where the one before it ended, and costs credit that was there
 * every event has the value that was logged at its offset
 * </pre>
 */
class StreamCutTest {

    private static final int STEPS = 150;
    private static final int KEY_GROUPS = 2;
    private static final long PLENTY = 1L << 40;

    @TempDir
    private Path folder;

    private final Seed seed = Seed.of("StreamCutTest");
    private final Random random = seed.random();
    private PullFixture gateway;
    private FaultProxy proxy;

    // the books, by key group
    private final int[] logged = new int[KEY_GROUPS];
    private final long[] held = new long[KEY_GROUPS];
    private final long[] acknowledged = new long[KEY_GROUPS];
    private final long[] known = new long[KEY_GROUPS];
    private final long[] committed = new long[KEY_GROUPS];
    private final List<List<Double>> counted = List.of(new ArrayList<>(), new ArrayList<>());
    private long epoch;
    private int runs;
    private int cuts;
    private int again;

    // of the session
    private @Nullable TestReceiver session;
    private @Nullable ManagedChannel channel;
    private boolean damaged;
    private final long[] expected = new long[KEY_GROUPS];
    private int read;
    private long creditEvents;
    private long creditBytes;

    @BeforeEach
    void start() throws Exception {
        gateway = new PullFixture(folder, PullFixture.settings());
        proxy = FaultProxy.to(gateway.server.port());
    }

    @AfterEach
    void stop() {
        proxy.close();
        gateway.close();
    }

    @Test
    void however_the_stream_is_cut_nothing_is_missing_and_only_what_was_not_acknowledged_comes_again()
            throws Exception {
        beginRun();
        connect();

        for (int step = 0; step < STEPS; step++) {
            step();
        }
        proxy.heal();
        damaged = false;
        receiver().cut();
        connect();
        credit(PLENTY, PLENTY);
        soon().until(() -> {
            readOn();
            return held[0] == logged[0] && held[1] == logged[1];
        });
        disconnect();

        for (int keyGroup = 0; keyGroup < KEY_GROUPS; keyGroup++) {
            assertThat(counted.get(keyGroup)).isEqualTo(upTo(logged[keyGroup]));
        }
        System.out.println("StreamCutTest: " + logged[0] + " and " + logged[1] + " events, " + again
                + " of them again, " + cuts + " cuts, " + runs + " runs");
        assertThat(cuts).isGreaterThan(5);
        assertThat(again).isPositive();
    }

    /** Half of the steps wait for something. */
    private static ConditionFactory soon() {
        return await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5));
    }

    private void step() throws Exception {
        if (!receiver().isOpen()) {
            readOn();
            heal();
            connect();
        }
        int dice = random.nextInt(100);
        if (dice < 25) {
            int keyGroup = random.nextInt(KEY_GROUPS);
            int count = 1 + random.nextInt(200);
            gateway.log(keyGroup, count);
            logged[keyGroup] += count;
        } else if (dice < 45) {
            credit(1 + random.nextInt(500), 1 + random.nextInt(50_000));
        } else if (dice < 65) {
            acknowledge();
        } else if (dice < 70) {
            commit();
        } else if (dice < 85) {
            aLittleLater();
        } else if (dice < 97) {
            harm();
        } else if (dice < 99) {
            beginRun();
        } else {
            restartGateway();
        }
        readOn();
    }

    /** Cuts now or after some more bytes; how the stream then ends is not asked. */
    private void harm() {
        cuts++;
        switch (random.nextInt(8)) {
            case 0 -> receiver().cut();
            case 1 -> proxy.cut();
            case 2 -> proxy.reset();
            case 3 -> proxy.cutAfter(Direction.TO_TARGET, random.nextInt(1_000));
            case 4 -> proxy.cutAfter(Direction.TO_CLIENT, random.nextInt(20_000));
            case 5 -> flipInTheNext(Direction.TO_TARGET, 1_000);
            case 6 -> flipInTheNext(Direction.TO_CLIENT, 20_000);
            default -> {
                proxy.halfOpen();
                credit(100, 10_000);
                acknowledge();
                proxy.cut();
                proxy.heal();
            }
        }
    }

    private void flipInTheNext(Direction direction, int bytes) {
        receiver().cut();
        damaged = true;
        proxy.flip(direction, random.nextInt(bytes));
    }

    private void heal() {
        if (random.nextInt(3) > 0) { // else a cut that is set hits the next session, even its hello
            proxy.heal();
            damaged = false;
        }
    }

    private void connect() {
        for (int attempt = 0; ; attempt++) {
            if (attempt == 3) {
                proxy.heal();
                damaged = false;
            }
            disconnect();
            knowCursors();
            ManagedChannel next = PullFixture.channel(proxy.port());
            channel = next;
            TestReceiver receiver =
                    TestReceiver.connect(EventPullGrpc.newStub(next).withCompression("crc32c"), GROUP, epoch);
            session = receiver;
            read = 0;
            creditEvents = 0;
            creditBytes = 0;
            if (welcomed(receiver)) {
                return;
            }
        }
    }

    private void disconnect() {
        if (channel != null) {
            channel.shutdownNow();
        }
    }

    private TestReceiver receiver() {
        return Objects.requireNonNull(session);
    }

    private boolean welcomed(TestReceiver receiver) {
        try {
            soon().atMost(damaged ? Duration.ofSeconds(1) : Patience.LIMIT)
                    .until(() -> receiver.received() > 0 || !receiver.isOpen());
        } catch (ConditionTimeoutException e) {
            assertThat(damaged).as("a hello was damaged").isTrue();
        }
        if (receiver.received() == 0) {
            return false;
        }
        for (Position position : receiver.welcome().getPositionsList()) {
            int keyGroup = position.getKeyGroup();
            assertThat(position.getNext())
                    .as("where key group %s begins", keyGroup)
                    .isBetween(known[keyGroup], Math.max(acknowledged[keyGroup], committed[keyGroup]));
            known[keyGroup] = position.getNext();
            expected[keyGroup] = position.getNext();
        }
        read = 1;
        return true;
    }

    /** What the gateway says is acknowledged stays so, and is never more than was. */
    private void knowCursors() {
        for (KeyGroupOffsets offsets : gateway.offsets().getKeyGroupsList()) {
            int keyGroup = offsets.getKeyGroup();
            assertThat(offsets.getDelivered())
                    .isBetween(known[keyGroup], Math.max(acknowledged[keyGroup], committed[keyGroup]));
            assertThat(offsets.getCommitted()).isEqualTo(committed[keyGroup]);
            known[keyGroup] = offsets.getDelivered();
        }
    }

    private void readOn() {
        for (; read < receiver().received(); read++) {
            PullResponse response = receiver().received(read);
            if (response.hasFrame()) {
                take(response.getFrame());
            }
        }
    }

    private void take(Frame frame) {
        int keyGroup = frame.getKeyGroup();
        if (damaged && frame.getFrom() > expected[keyGroup]) {
            receiver().cut(); // HTTP/2 itself drops a frame of a type that it does not know: end the stream, come again
            read = Integer.MAX_VALUE - 1;
            return;
        }
        assertThat(frame.getFrom()).as("from of key group %s", keyGroup).isEqualTo(expected[keyGroup]);
        assertThat(creditEvents).as("events that there was credit for").isPositive();
        assertThat(creditBytes).as("bytes that there was credit for").isPositive();
        creditEvents -= frame.getNext() - frame.getFrom();
        creditBytes -=
                frame.getChunksList().stream().mapToLong(chunk -> chunk.size()).sum();
        List<Double> values = TestReceiver.values(frame);
        assertThat(values).hasSize((int) (frame.getNext() - frame.getFrom()));
        for (int i = 0; i < values.size(); i++) {
            long offset = frame.getFrom() + i;
            if (offset == held[keyGroup]) {
                counted.get(keyGroup).add(values.get(i));
                held[keyGroup]++;
            } else {
                assertThat(offset).as("no gap").isLessThan(held[keyGroup]);
                again++;
            }
        }
        expected[keyGroup] = frame.getNext();
    }

    private void credit(long events, long bytes) {
        if (receiver().isOpen()) {
            creditEvents += events;
            creditBytes += bytes;
            receiver().credit(events, bytes);
        }
    }

    /** Of what this session was sent, often in the middle of a chunk. */
    private void acknowledge() {
        int keyGroup = random.nextInt(KEY_GROUPS);
        long begin = known[keyGroup];
        long next = begin + random.nextInt((int) Math.max(0, expected[keyGroup] - begin) + 1);
        if (receiver().isOpen() && next > begin) {
            acknowledged[keyGroup] = Math.max(acknowledged[keyGroup], next);
            receiver().ack(keyGroup, next);
        }
    }

    private void commit() {
        int keyGroup = random.nextInt(KEY_GROUPS);
        long next = committed[keyGroup] + random.nextInt((int) (held[keyGroup] - committed[keyGroup]) + 1);
        gateway.commit(epoch, keyGroup, next);
        committed[keyGroup] = next;
        // It lifts what is delivered, too.
        known[keyGroup] = Math.max(known[keyGroup], next);
    }

    /** A sign of life of the session, or its end. */
    private void aLittleLater() {
        long before = receiver().progressCount();
        soon().until(() -> damaged || !receiver().isOpen() || receiver().progressCount() > before + 1);
    }

    private void beginRun() {
        Position[] from = new Position[KEY_GROUPS];
        for (int keyGroup = 0; keyGroup < KEY_GROUPS; keyGroup++) {
            from[keyGroup] = position(keyGroup, held[keyGroup]);
        }
        epoch = gateway.beginRun("run-" + ++runs, from);
        for (int keyGroup = 0; keyGroup < KEY_GROUPS; keyGroup++) {
            known[keyGroup] = held[keyGroup];
            acknowledged[keyGroup] = held[keyGroup];
            committed[keyGroup] = gateway.offsets().getKeyGroups(keyGroup).getCommitted();
        }
        if (session != null) {
            if (damaged) {
                session.cut();
            }
            soon().until(() -> !receiver().isOpen());
        }
    }

    private void restartGateway() throws Exception {
        if (damaged) {
            receiver().cut();
        }
        gateway.close();
        gateway = new PullFixture(folder, PullFixture.settings());
        proxy.retarget(gateway.server.port());
        soon().until(() -> !receiver().isOpen());
    }
}
