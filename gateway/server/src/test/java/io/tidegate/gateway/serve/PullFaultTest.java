package io.tidegate.gateway.serve;

import static io.tidegate.gateway.log.LogFixture.upTo;
import static io.tidegate.gateway.serve.PullFixture.GROUP;
import static io.tidegate.gateway.serve.PullFixture.position;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.tidegate.gateway.Heap;
import io.tidegate.harness.FaultProxy;
import io.tidegate.harness.FaultProxy.Direction;
import io.tidegate.junit.Patience;
import io.tidegate.protocol.v1.Ack;
import io.tidegate.protocol.v1.BeginRun;
import io.tidegate.protocol.v1.CommitRequest;
import io.tidegate.protocol.v1.EventPullGrpc;
import io.tidegate.protocol.v1.KeyGroupOffsets;
import io.tidegate.protocol.v1.OffsetsRequest;
import io.tidegate.protocol.v1.PullRequest;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Receivers that do harm, through a real port: G1, G3, G5 and G6 of the fault catalogue. */
class PullFaultTest {

    private static final long PLENTY = 1L << 40;

    @TempDir
    private Path folder;

    private PullFixture gateway;

    @BeforeEach
    void start() throws Exception {
        gateway = new PullFixture(folder, PullFixture.settings());
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void a_receiver_with_plenty_of_credit_that_stops_reading_takes_no_memory_and_holds_up_nobody() {
        IntStream.range(0, 500).forEach(i -> gateway.log(0, 2_000));
        long epoch = gateway.beginRun("r1");
        long heapBefore = Heap.used();
        ManagedChannel channel = PullFixture.channel(gateway.server.port());
        TestReceiver deaf =
                TestReceiver.deaf(EventPullGrpc.newStub(channel), GROUP, epoch).credit(PLENTY, PLENTY);
        await().until(() -> gateway.counters.frames() > 0);

        long bytesOfAll = readsEverything("other", 1_000_000);

        long sentToTheDeaf = gateway.counters.bytes() - bytesOfAll;
        assertThat(bytesOfAll).isGreaterThan(32L << 20);
        assertThat(sentToTheDeaf)
                .as("a window of HTTP/2 and a frame, of %s bytes in the log", bytesOfAll)
                .isLessThan(4L << 20);
        assertThat(Heap.used() - heapBefore).isLessThan(16L << 20);

        deaf.read(Integer.MAX_VALUE);
        await().until(() -> gateway.counters.events() == 2_000_000);
        assertThat(deaf.isOpen()).isTrue();
        channel.shutdownNow();
    }

    /** Another group comes, takes everything and goes. @return the bytes of it */
    private long readsEverything(String group, long events) {
        long before = gateway.counters.bytes();
        long epoch = gateway.blocking()
                .offsets(OffsetsRequest.newBuilder()
                        .setGroup(group)
                        .setBeginRun(BeginRun.newBuilder().setRun("r1"))
                        .build())
                .getEpoch();
        TestReceiver other = TestReceiver.connect(EventPullGrpc.newStub(gateway.channel), group, epoch)
                .credit(PLENTY, PLENTY);
        await().until(() -> last(other) == events);
        other.cut();
        other.forget();
        return gateway.counters.bytes() - before;
    }

    private static long last(TestReceiver receiver) {
        return receiver.frames().stream()
                .mapToLong(frame -> frame.getNext())
                .max()
                .orElse(0);
    }

    @Test
    void no_more_is_sent_than_there_is_credit_however_late_the_receiver_reads_it() {
        IntStream.range(0, 100).forEach(i -> gateway.log(0, 10));
        TestReceiver deaf = TestReceiver.deaf(EventPullGrpc.newStub(gateway.channel), GROUP, gateway.beginRun("r1"))
                .credit(200, PLENTY)
                .credit(50, PLENTY);
        await().until(() -> gateway.counters.events() >= 250);

        deaf.read(1_000);

        await().until(() -> deaf.progressCount() > 5);
        assertThat(gateway.counters.events()).isEqualTo(250);
        assertThat(deaf.values(0)).isEqualTo(upTo(250));
    }

    /** What a receiver or an application may do wrong, and what it is told. */
    enum Wrong {
        ACK_OF_WHAT_WAS_NOT_SENT(Status.Code.INVALID_ARGUMENT),
        ACK_OF_NO_KEY_GROUP(Status.Code.INVALID_ARGUMENT),
        ACK_OF_AN_OLDER_RUN(Status.Code.ABORTED),
        ACK_OF_AN_OLDER_SESSION(Status.Code.ABORTED),
        HELLO_OF_AN_OLDER_RUN(Status.Code.ABORTED),
        HELLO_OF_NO_GROUP(Status.Code.NOT_FOUND),
        COMMIT_BEHIND_THE_END(Status.Code.INVALID_ARGUMENT),
        COMMIT_BELOW_ZERO(Status.Code.INVALID_ARGUMENT),
        COMMIT_OF_NO_KEY_GROUP(Status.Code.INVALID_ARGUMENT),
        COMMIT_OF_AN_OLDER_RUN(Status.Code.ABORTED),
        COMMIT_OF_A_RUN_TO_COME(Status.Code.ABORTED),
        COMMIT_OF_NO_GROUP(Status.Code.NOT_FOUND),
        ACK_THAT_GOES_BACK(Status.Code.OK),
        COMMIT_THAT_GOES_BACK(Status.Code.OK);

        private final Status.Code told;

        Wrong(Status.Code told) {
            this.told = told;
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_is_wrong_has_its_code_and_moves_no_cursor(Wrong wrong) {
        gateway.log(0, 10);
        gateway.log(0, 10);
        long older = gateway.beginRun("r1");
        TestReceiver ofTheOlderRun = gateway.connect(older);
        ofTheOlderRun.welcome();
        long epoch = gateway.beginRun("r2");
        TestReceiver ofTheOlderSession = gateway.connect(epoch);
        ofTheOlderSession.welcome();
        TestReceiver receiver = gateway.connect(epoch).credit(10, PLENTY);
        receiver.awaitValues(0, 10);
        receiver.ack(0, 8);
        gateway.commit(epoch, 0, 5);
        await().until(() -> gateway.offsets().getKeyGroups(0).getDelivered() == 8);
        List<KeyGroupOffsets> before = cursors();

        Status.Code told = switch (wrong) {
            case ACK_OF_WHAT_WAS_NOT_SENT -> acknowledges(receiver, 0, 11);
            case ACK_OF_NO_KEY_GROUP -> acknowledges(receiver, 2, 1);
            case ACK_OF_AN_OLDER_RUN -> acknowledges(ofTheOlderRun, 0, 10);
            case ACK_OF_AN_OLDER_SESSION -> acknowledges(ofTheOlderSession, 0, 10);
            case HELLO_OF_AN_OLDER_RUN -> gateway.connect(older).end().getCode();
            case HELLO_OF_NO_GROUP ->
                TestReceiver.connect(EventPullGrpc.newStub(gateway.channel), "none", epoch)
                        .end()
                        .getCode();
            case COMMIT_BEHIND_THE_END -> commits(GROUP, epoch, 0, 21);
            case COMMIT_BELOW_ZERO -> commits(GROUP, epoch, 0, -1);
            case COMMIT_OF_NO_KEY_GROUP -> commits(GROUP, epoch, 2, 0);
            case COMMIT_OF_AN_OLDER_RUN -> commits(GROUP, older, 0, 10);
            case COMMIT_OF_A_RUN_TO_COME -> commits(GROUP, epoch + 1, 0, 10);
            case COMMIT_OF_NO_GROUP -> commits("none", epoch, 0, 10);
            case ACK_THAT_GOES_BACK -> acknowledgesAndIsServed(receiver, 0, 3);
            case COMMIT_THAT_GOES_BACK -> commits(GROUP, epoch, 0, 3);
        };

        assertThat(told).isEqualTo(wrong.told);
        assertThat(cursors()).isEqualTo(before);
    }

    private static Status.Code acknowledges(TestReceiver receiver, int keyGroup, long next) {
        if (receiver.isOpen()) {
            receiver.ack(keyGroup, next);
        }
        return receiver.end().getCode();
    }

    private static Status.Code acknowledgesAndIsServed(TestReceiver receiver, int keyGroup, long next) {
        receiver.ack(keyGroup, next);
        receiver.credit(10, PLENTY).awaitValues(keyGroup, 20);
        return receiver.isOpen() ? Status.Code.OK : receiver.end().getCode();
    }

    private Status.Code commits(String group, long epoch, int keyGroup, long next) {
        CommitRequest request = CommitRequest.newBuilder()
                .setGroup(group)
                .setEpoch(epoch)
                .addPositions(position(keyGroup, next))
                .build();
        try {
            gateway.blocking().commit(request);
            return Status.Code.OK;
        } catch (io.grpc.StatusRuntimeException refused) {
            return refused.getStatus().getCode();
        }
    }

    private List<KeyGroupOffsets> cursors() {
        return gateway.offsets().getKeyGroupsList().stream()
                .map(offsets -> offsets.toBuilder().clearTime().build())
                .toList();
    }

    @Test
    void a_receiver_that_wakes_up_after_another_run_took_over_is_fenced_and_what_it_says_counts_for_nothing()
            throws Exception {
        gateway.log(0, 10);
        gateway.log(0, 10);
        long older = gateway.beginRun("r1");
        try (FaultProxy proxy = FaultProxy.to(gateway.server.port())) {
            ManagedChannel channel = PullFixture.channel(proxy.port());
            TestReceiver frozen = TestReceiver.connect(EventPullGrpc.newStub(channel), GROUP, older)
                    .credit(20, PLENTY);
            frozen.awaitValues(0, 20);
            frozen.ack(0, 5);
            await().until(() -> gateway.offsets().getKeyGroups(0).getDelivered() == 5);
            proxy.stall(Direction.TO_CLIENT);
            proxy.stall(Direction.TO_TARGET);
            frozen.ack(0, 20); // said, and under way for as long as the link stands still

            long newer = gateway.beginRun("r2");
            TestReceiver next = gateway.connect(newer).credit(PLENTY, PLENTY);
            assertThat(next.awaitValues(0, 20)).as("nothing is committed").isEqualTo(upTo(20));
            next.ack(0, 7);
            await().until(() -> gateway.offsets().getKeyGroups(0).getDelivered() == 7);
            proxy.heal();

            assertThat(frozen.end().getCode()).isEqualTo(Status.Code.ABORTED);
            assertThat(frozen.end().getDescription()).contains("run r2 has taken over");
            assertThat(commits(GROUP, older, 0, 20)).isEqualTo(Status.Code.ABORTED);
            assertThat(gateway.offsets().getKeyGroups(0).getDelivered()).isEqualTo(7);
            assertThat(gateway.offsets().getKeyGroups(0).getCommitted()).isZero();
            gateway.log(0, 5);
            assertThat(next.awaitValues(0, 25)).isEqualTo(upTo(25));
            channel.shutdownNow();
        }
    }

    @Test
    void a_bit_that_flips_on_its_way_to_the_receiver_ends_the_stream_and_becomes_no_event() {
        gateway.log(0, 2_000);
        long epoch = gateway.beginRun("r1");
        try (FaultProxy link = FaultProxy.to(gateway.server.port())) {
            link.flip(Direction.TO_CLIENT, 5_000); // amid the one frame of 90 KB
            ManagedChannel channel = PullFixture.channel(link.port());

            TestReceiver receiver = TestReceiver.connect(EventPullGrpc.newStub(channel), GROUP, epoch)
                    .credit(PLENTY, PLENTY);

            assertThat(receiver.end().getCode()).isEqualTo(Status.Code.CANCELLED);
            assertThat(receiver.end().getCause()).hasMessageContaining("was damaged on its way");
            assertThat(receiver.frames()).isEmpty();
            channel.shutdownNow();
        }
    }

    @Test
    void a_bit_that_flips_on_its_way_to_the_gateway_ends_the_stream_and_moves_no_cursor() {
        gateway.log(0, 2_000);
        long epoch = gateway.beginRun("r1");
        try (FaultProxy link = FaultProxy.to(gateway.server.port())) {
            link.flip(Direction.TO_TARGET, 3_000); // amid the acknowledgement of 10 KB
            ManagedChannel channel = PullFixture.channel(link.port());
            TestReceiver receiver = TestReceiver.connect(
                            EventPullGrpc.newStub(channel).withCompression("crc32c"), GROUP, epoch)
                    .credit(PLENTY, PLENTY);
            receiver.awaitValues(0, 2_000);

            Ack.Builder ack = Ack.newBuilder();
            IntStream.range(0, 2_000).forEach(i -> ack.addPositions(position(0, i)));
            receiver.send(PullRequest.newBuilder().setAck(ack));

            assertThat(receiver.end().getCode()).isNotEqualTo(Status.Code.OK);
            assertThat(gateway.offsets().getKeyGroups(0).getDelivered()).isZero();
            channel.shutdownNow();
        }
    }

    @Test
    void a_request_above_the_limit_ends_its_call_and_nothing_else() {
        gateway.log(0, 10);
        long epoch = gateway.beginRun("r1");
        TestReceiver neighbour = gateway.connect(epoch);
        neighbour.welcome();
        Ack.Builder huge = Ack.newBuilder();
        IntStream.range(0, 400_000).forEach(i -> huge.addPositions(position(0, i)));
        TestReceiver receiver = gateway.connect(epoch);
        receiver.welcome();

        receiver.send(PullRequest.newBuilder().setAck(huge));

        assertThat(receiver.end().getCode()).isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.CANCELLED);
        assertThat(gateway.offsets().getKeyGroups(0).getDelivered()).isZero();
        assertThat(gateway.connect(epoch).credit(PLENTY, PLENTY).awaitValues(0, 10))
                .isEqualTo(upTo(10));
    }

    @Test
    void a_client_with_a_small_limit_is_told_so_and_gets_everything_when_frames_are_smaller() throws Exception {
        IntStream.range(0, 50).forEach(i -> gateway.log(0, 2_000));
        long epoch = gateway.beginRun("r1");

        assertThat(small(epoch).end().getCode())
                .as("100,000 events in frames of 1 MiB")
                .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        gateway.close();
        gateway = new PullFixture(folder, PullFixture.settings(128 << 10));

        assertThat(small(epoch).awaitValues(0, 100_000)).isEqualTo(upTo(100_000));
    }

    private TestReceiver small(long epoch) {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", gateway.server.port())
                .usePlaintext()
                .maxInboundMessageSize(512 << 10)
                .build();
        return TestReceiver.connect(EventPullGrpc.newStub(channel), GROUP, epoch)
                .credit(PLENTY, PLENTY);
    }

    @Test
    void a_flood_of_pings_ends_its_connection_and_disturbs_nobody() throws IOException {
        gateway.log(0, 10);
        TestReceiver neighbour = gateway.connect(gateway.beginRun("r1")).credit(PLENTY, PLENTY);
        neighbour.awaitValues(0, 10);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.server.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(greetingAndPings(1_000));

            assertThatThrownBy(() -> {
                        byte[] thousand = pings(1_000);
                        for (int i = 0; i < 1_000; i++) {
                            out.write(thousand);
                        }
                    })
                    .isInstanceOf(IOException.class);
        }

        gateway.log(0, 10);
        assertThat(neighbour.awaitValues(0, 20)).isEqualTo(upTo(20));
        assertThat(neighbour.isOpen()).isTrue();
    }

    @Test
    void whoever_pings_too_often_is_told_why_before_the_connection_ends() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.server.port())) {
            socket.setSoTimeout((int) Patience.LIMIT.toMillis());
            // All at once: what comes after the end would meet a closed socket, and its reset may overtake the words.
            socket.getOutputStream().write(greetingAndPings(10));

            assertThat(untilGoAway(new DataInputStream(socket.getInputStream())))
                    .isEqualTo("11 too_many_pings"); // ENHANCE_YOUR_CALM
        }
    }

    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GO_AWAY = 7;

    private static byte[] greetingAndPings(int count) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
        bytes.writeBytes(frame(SETTINGS, 0));
        bytes.writeBytes(pings(count));
        return bytes.toByteArray();
    }

    private static byte[] pings(int count) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        IntStream.range(0, count).forEach(i -> bytes.writeBytes(frame(PING, 8)));
        return bytes.toByteArray();
    }

    /** A frame of zeros: nine bytes of header, of which the first three are the length, and the body. */
    private static byte[] frame(int type, int length) {
        byte[] frame = new byte[9 + length];
        frame[2] = (byte) length;
        frame[3] = (byte) type;
        return frame;
    }

    /** Error code and words of the first GOAWAY that has an error. */
    private static String untilGoAway(DataInputStream in) throws IOException {
        while (true) {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            in.skipNBytes(5);
            byte[] body = in.readNBytes(length);
            if (type == GO_AWAY && body[7] != 0) {
                return body[7] + " " + new String(body, 8, length - 8, US_ASCII);
            }
        }
    }
}
