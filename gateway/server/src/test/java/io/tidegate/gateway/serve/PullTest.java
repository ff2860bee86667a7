package io.tidegate.gateway.serve;

import static io.tidegate.gateway.log.LogFixture.NOW_MS;
import static io.tidegate.gateway.log.LogFixture.upTo;
import static io.tidegate.gateway.serve.PullFixture.position;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.tidegate.gateway.admission.SeenThrough.Receipts;
import io.tidegate.protocol.v1.EventPullGrpc;
import io.tidegate.protocol.v1.Frame;
import io.tidegate.protocol.v1.Hello;
import io.tidegate.protocol.v1.KeyGroupProgress;
import io.tidegate.protocol.v1.KeyGroupTime;
import io.tidegate.protocol.v1.PullRequest;
import io.tidegate.protocol.v1.Welcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stream, through a real client and a real port. */
class PullTest {

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

    private void restart() throws Exception {
        gateway.close();
        start();
    }

    @Test
    void a_receiver_is_welcomed_and_told_where_it_begins() {
        gateway.log(0, 3);
        long epoch = gateway.beginRun("r1", position(0, 2));

        Welcome welcome = gateway.connect(epoch).welcome();

        assertThat(welcome.getGateway()).isEqualTo("g1");
        assertThat(welcome.getKeyGroupCount()).isEqualTo(2);
        assertThat(welcome.getPositionsList()).containsExactly(position(0, 2), position(1, 0));
        assertThat(welcome.getHeartbeatIntervalMs()).isEqualTo(1_000);
        assertThat(welcome.getSessionTimeoutMs()).isEqualTo(5_000);
    }

    @Test
    void what_is_logged_before_and_after_the_connection_arrives_in_order() {
        gateway.log(0, 5);
        gateway.log(1, 2);
        TestReceiver receiver = gateway.connect(gateway.beginRun("r1")).credit(PLENTY, PLENTY);
        assertThat(receiver.awaitValues(0, 5)).isEqualTo(upTo(5));

        gateway.log(0, 4);

        assertThat(receiver.awaitValues(0, 9)).isEqualTo(upTo(9));
        assertThat(receiver.awaitValues(1, 2)).isEqualTo(upTo(2));
        Frame last = receiver.frames().get(receiver.frames().size() - 1);
        assertThat(last.getNext()).isEqualTo(9);
        assertThat(last.getBacklog()).isZero();
        assertThat(last.getTime().getWatermarkMs()).isEqualTo(NOW_MS - 1_000);
    }

    @Test
    void without_credit_nothing_is_sent_and_a_chunk_is_never_cut() {
        LongStream.range(0, 10).forEach(i -> gateway.log(0, 10));
        TestReceiver receiver = gateway.connect(gateway.beginRun("r1"));
        awaitProgressOf(receiver);
        assertThat(receiver.frames()).isEmpty();

        receiver.credit(25, PLENTY);
        receiver.awaitValues(0, 30);
        awaitProgressOf(receiver);
        assertThat(receiver.values(0)).as("two and a half chunks are three").isEqualTo(upTo(30));

        receiver.credit(5, PLENTY);
        awaitProgressOf(receiver);
        assertThat(receiver.values(0)).as("the balance was -5").hasSize(30);

        receiver.credit(1, PLENTY);
        assertThat(receiver.awaitValues(0, 40)).isEqualTo(upTo(40));
        assertThat(receiver.frames().get(0).getBacklog()).isEqualTo(70);
    }

    @Test
    void credit_in_bytes_holds_back_as_well() {
        LongStream.range(0, 10).forEach(i -> gateway.log(0, 10));
        TestReceiver receiver = gateway.connect(gateway.beginRun("r1")).credit(PLENTY, 1);
        receiver.awaitValues(0, 10);
        awaitProgressOf(receiver);

        assertThat(receiver.values(0)).hasSize(10);
    }

    @Test
    void a_frame_takes_no_chunk_beyond_its_limit() throws Exception {
        gateway.close();
        gateway = new PullFixture(folder, PullFixture.settings(1_200));
        LongStream.range(0, 10).forEach(i -> gateway.log(0, 10));

        TestReceiver receiver = gateway.connect(gateway.beginRun("r1")).credit(PLENTY, PLENTY);

        assertThat(receiver.awaitValues(0, 100)).isEqualTo(upTo(100));
        assertThat(receiver.frames())
                .hasSizeGreaterThan(1)
                .allSatisfy(frame -> assertThat(frame.getChunksList().stream()
                                .mapToInt(chunk -> chunk.size())
                                .sum())
                        .isLessThanOrEqualTo(1_200));
    }

    @Test
    void what_was_not_acknowledged_comes_again_after_a_cut_even_of_the_gateway() throws Exception {
        LongStream.range(0, 6).forEach(i -> gateway.log(0, 10));
        long epoch = gateway.beginRun("r1");
        TestReceiver first = gateway.connect(epoch).credit(PLENTY, PLENTY);
        first.awaitValues(0, 60);
        first.ack(0, 25);
        Awaitility.await().until(() -> gateway.offsets().getKeyGroups(0).getDelivered() == 25);
        first.cut();

        TestReceiver second = gateway.connect(epoch).credit(PLENTY, PLENTY);
        assertThat(second.awaitValues(0, 35)).isEqualTo(upTo(60).subList(25, 60));
        Frame frame = second.frames().get(0);
        assertThat(frame.getFrom()).isEqualTo(25);
        assertThat(TestReceiver.parsed(frame.getChunks(0)).getFirstOffset()).isEqualTo(20);

        restart();
        TestReceiver third = gateway.connect(epoch).credit(PLENTY, PLENTY);
        assertThat(third.awaitValues(0, 35)).isEqualTo(upTo(60).subList(25, 60));
    }

    @Test
    void a_newer_session_ends_the_older_one() {
        long epoch = gateway.beginRun("r1");
        TestReceiver older = gateway.connect(epoch);
        older.welcome();

        TestReceiver newer = gateway.connect(epoch);

        assertEnd(older, Status.Code.ABORTED, "a newer session has taken over");
        newer.welcome();
        assertThat(newer.isOpen()).isTrue();
        assertThat(gateway.counters.sessions()).isEqualTo(2);
        assertThat(gateway.counters.connected()).containsEntry("app", "test");
    }

    @Test
    void a_newer_run_ends_the_session_and_the_older_epoch_is_fenced() {
        long epoch = gateway.beginRun("r1");
        TestReceiver receiver = gateway.connect(epoch);
        receiver.welcome();

        gateway.beginRun("r2");

        assertEnd(receiver, Status.Code.ABORTED, "run r2 has taken over");
        assertEnd(gateway.connect(epoch), Status.Code.ABORTED, "epoch: 1 (expected: 2");
    }

    @Test
    void an_acknowledgement_of_what_was_not_sent_is_refused_and_moves_nothing() {
        gateway.log(0, 5);
        TestReceiver receiver = gateway.connect(gateway.beginRun("r1"));
        receiver.welcome();

        receiver.ack(0, 5);

        assertEnd(receiver, Status.Code.INVALID_ARGUMENT, "through: 5 (expected: at most 0, which was sent)");
        assertThat(gateway.offsets().getKeyGroups(0).getDelivered()).isZero();
    }

    @Test
    void an_acknowledgement_never_goes_back() {
        gateway.log(0, 5);
        TestReceiver receiver = gateway.connect(gateway.beginRun("r1")).credit(PLENTY, PLENTY);
        receiver.awaitValues(0, 5);
        receiver.ack(0, 4);
        receiver.ack(0, 2);
        receiver.heartbeat();
        receiver.ack(1, 0);

        Awaitility.await().until(() -> gateway.offsets().getKeyGroups(0).getDelivered() == 4);
        awaitProgressOf(receiver);
        assertThat(gateway.offsets().getKeyGroups(0).getDelivered()).isEqualTo(4);
    }

    @Test
    void nonsense_is_refused_with_words() {
        long epoch = gateway.beginRun("r1");
        assertEnd(gateway.connect(epoch).credit(0, 5), Status.Code.INVALID_ARGUMENT, "credit: 0 events");
        TestReceiver wrongKeyGroup = gateway.connect(epoch);
        wrongKeyGroup.ack(7, 0);
        assertEnd(wrongKeyGroup, Status.Code.INVALID_ARGUMENT, "key group: 7 (expected: 0 to 1)");
        TestReceiver silentHello = new TestReceiver();
        EventPullGrpc.newStub(gateway.channel).pull(silentHello);
        silentHello.heartbeat();
        assertEnd(silentHello, Status.Code.FAILED_PRECONDITION, "expected: hello first");
        TestReceiver otherCount = new TestReceiver();
        EventPullGrpc.newStub(gateway.channel).pull(otherCount);
        otherCount.send(PullRequest.newBuilder()
                .setHello(Hello.newBuilder().setGroup("app").setEpoch(epoch).setKeyGroupCount(8)));
        assertEnd(otherCount, Status.Code.FAILED_PRECONDITION, "key_group_count: 8 (expected: 2)");
        assertEnd(
                TestReceiver.connect(EventPullGrpc.newStub(gateway.channel), "nobody", 1),
                Status.Code.NOT_FOUND,
                "group: nobody");
    }

    @Test
    void a_receiver_that_falls_silent_is_timed_out() {
        TestReceiver receiver = gateway.connect(gateway.beginRun("r1"));
        receiver.welcome();
        gateway.nanos.addAndGet(Duration.ofSeconds(4).toNanos());
        receiver.heartbeat();
        long before = receiver.progressCount();
        Awaitility.await().until(() -> receiver.progressCount() > before + 2);
        gateway.nanos.addAndGet(Duration.ofSeconds(4).toNanos());
        awaitProgressOf(receiver);
        assertThat(receiver.isOpen()).as("heard 4 s ago").isTrue();

        gateway.nanos.addAndGet(Duration.ofSeconds(1).toNanos());

        assertEnd(receiver, Status.Code.DEADLINE_EXCEEDED, "no message for 5000 ms");
    }

    @Test
    void seen_through_advances_without_events_and_stands_still_while_the_source_is_away() {
        Receipts source = gateway.seen.register("mqtt");
        source.connected();
        gateway.log(0, 5);
        TestReceiver receiver = gateway.connect(gateway.beginRun("r1")).credit(PLENTY, PLENTY);
        receiver.awaitValues(0, 5);

        gateway.clock.advance(60_000);
        awaitSeen(receiver, 0, 5, NOW_MS + 60_000);
        awaitSeen(receiver, 1, 0, NOW_MS + 60_000);

        source.disconnected();
        gateway.clock.advance(60_000);
        awaitProgressOf(receiver);
        assertThat(receiver.progress(0).map(KeyGroupProgress::getTime).map(KeyGroupTime::getSeenThroughMs))
                .hasValue(NOW_MS + 60_000);
    }

    @Test
    void after_a_restart_seen_through_is_the_newest_receipt_of_the_key_group_until_the_sources_are_back()
            throws Exception {
        gateway.log(0, 5);
        gateway.clock.advance(10);
        gateway.log(1, 5);
        restart();
        gateway.seen.register("mqtt");

        TestReceiver receiver = gateway.connect(gateway.beginRun("r1")).credit(PLENTY, PLENTY);

        awaitSeen(receiver, 0, 5, NOW_MS);
        awaitSeen(receiver, 1, 5, NOW_MS + 10);
    }

    @Test
    void a_stopping_gateway_says_so() {
        TestReceiver receiver = gateway.connect(gateway.beginRun("r1"));
        receiver.welcome();

        gateway.stopGroups();

        assertThat(receiver.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    }

    private static void awaitSeen(TestReceiver receiver, int keyGroup, long next, long seenThroughMs) {
        Awaitility.await()
                .untilAsserted(() -> assertThat(receiver.progress(keyGroup)).hasValueSatisfying(progress -> {
                    assertThat(progress.getNext()).isEqualTo(next);
                    assertThat(progress.getTime().getSeenThroughMs()).isEqualTo(seenThroughMs);
                }));
    }

    /** Two more messages of progress: whatever the session had to send before it has arrived. */
    private static void awaitProgressOf(TestReceiver receiver) {
        long before = receiver.progressCount();
        Awaitility.await().until(() -> receiver.progressCount() >= before + 2);
    }

    private static void assertEnd(TestReceiver receiver, Status.Code code, String words) {
        Status end = receiver.end();
        assertThat(end.getCode()).isEqualTo(code);
        assertThat(end.getDescription()).contains(words);
    }
}
