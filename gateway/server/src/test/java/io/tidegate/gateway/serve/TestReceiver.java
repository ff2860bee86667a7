package io.tidegate.gateway.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.tidegate.protocol.v1.Ack;
import io.tidegate.protocol.v1.Chunk;
import io.tidegate.protocol.v1.Credit;
import io.tidegate.protocol.v1.EventPullGrpc;
import io.tidegate.protocol.v1.Frame;
import io.tidegate.protocol.v1.Heartbeat;
import io.tidegate.protocol.v1.Hello;
import io.tidegate.protocol.v1.KeyGroupProgress;
import io.tidegate.protocol.v1.Position;
import io.tidegate.protocol.v1.PullRequest;
import io.tidegate.protocol.v1.PullResponse;
import io.tidegate.protocol.v1.Welcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A receiver as a client in any language would be: it keeps everything that it was sent. */
final class TestReceiver implements ClientResponseObserver<PullRequest, PullResponse> {

    private final List<PullResponse> received = Collections.synchronizedList(new ArrayList<>());
    private final CompletableFuture<Status> end = new CompletableFuture<>();
    private @Nullable ClientCallStreamObserver<PullRequest> requests;

    private final boolean reads;
    private volatile boolean cut;

    TestReceiver() {
        this(true);
    }

    private TestReceiver(boolean reads) {
        this.reads = reads;
    }

    static TestReceiver connect(EventPullGrpc.EventPullStub stub, String group, long epoch) {
        return greeting(new TestReceiver(), stub, group, epoch);
    }

    /** Takes the welcome and reads nothing more until {@link #read}. */
    static TestReceiver deaf(EventPullGrpc.EventPullStub stub, String group, long epoch) {
        return greeting(new TestReceiver(false), stub, group, epoch);
    }

    private static TestReceiver greeting(
            TestReceiver receiver, EventPullGrpc.EventPullStub stub, String group, long epoch) {
        stub.pull(receiver);
        receiver.send(PullRequest.newBuilder()
                .setHello(Hello.newBuilder().setGroup(group).setEpoch(epoch).setClient("test")));
        return receiver;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<PullRequest> call) {
        requests = call;
        if (!reads) {
            call.disableAutoRequestWithInitial(1);
        }
    }

    void read(int messages) {
        call().request(messages);
    }

    @Override
    public void onNext(PullResponse response) {
        received.add(response);
    }

    @Override
    public void onError(Throwable failure) {
        end.complete(Status.fromThrowable(failure));
    }

    @Override
    public void onCompleted() {
        end.complete(Status.OK);
    }

    void send(PullRequest.Builder request) {
        call().onNext(request.build());
    }

    TestReceiver credit(long events, long bytes) {
        send(PullRequest.newBuilder()
                .setCredit(Credit.newBuilder().setEvents(events).setBytes(bytes)));
        return this;
    }

    void ack(int keyGroup, long next) {
        send(PullRequest.newBuilder()
                .setAck(Ack.newBuilder()
                        .addPositions(
                                Position.newBuilder().setKeyGroup(keyGroup).setNext(next))));
    }

    /** Keeps nothing of what came so far. */
    void forget() {
        received.clear();
    }

    /** How many messages have come. */
    int received() {
        return received.size();
    }

    /** The message at this place. */
    PullResponse received(int index) {
        return received.get(index);
    }

    void heartbeat() {
        send(PullRequest.newBuilder().setHeartbeat(Heartbeat.getDefaultInstance()));
    }

    void cut() {
        cut = true;
        call().cancel("cut by the test", null);
    }

    private ClientCallStreamObserver<PullRequest> call() {
        if (requests == null) {
            throw new IllegalStateException("not connected");
        }
        return requests;
    }

    Status end() {
        Awaitility.await().until(end::isDone);
        return end.join();
    }

    boolean isOpen() {
        return !cut && !end.isDone();
    }

    Welcome welcome() {
        Awaitility.await().until(() -> !received.isEmpty() || end.isDone());
        assertThat(received).as("the stream ended: %s", end.getNow(Status.OK)).isNotEmpty();
        return received.get(0).getWelcome();
    }

    List<Frame> frames() {
        return all().filter(PullResponse::hasFrame).map(PullResponse::getFrame).toList();
    }

    /** The values of a key group's events as a client counts them: by offset, from `from` on. */
    List<Double> values(int keyGroup) {
        List<Double> values = new ArrayList<>();
        for (Frame frame : frames()) {
            if (frame.getKeyGroup() == keyGroup) {
                values.addAll(values(frame));
            }
        }
        return values;
    }

    static List<Double> values(Frame frame) {
        List<Double> values = new ArrayList<>();
        frame.getChunksList().forEach(bytes -> {
            Chunk chunk = parsed(bytes);
            for (int i = 0; i < chunk.getCount(); i++) {
                if (chunk.getFirstOffset() + i >= frame.getFrom()) {
                    values.add(chunk.getEvents(i).getReading().getValue());
                }
            }
        });
        return values;
    }

    static Chunk parsed(com.google.protobuf.ByteString bytes) {
        try {
            return Chunk.parseFrom(bytes);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    List<Double> awaitValues(int keyGroup, int count) {
        Awaitility.await().untilAsserted(() -> assertThat(values(keyGroup)).hasSizeGreaterThanOrEqualTo(count));
        return values(keyGroup);
    }

    /** The newest progress of a key group. */
    Optional<KeyGroupProgress> progress(int keyGroup) {
        return all().filter(PullResponse::hasProgress)
                .flatMap(response -> response.getProgress().getKeyGroupsList().stream())
                .filter(progress -> progress.getKeyGroup() == keyGroup)
                .reduce((older, newer) -> newer);
    }

    long progressCount() {
        return all().filter(PullResponse::hasProgress).count();
    }

    private Stream<PullResponse> all() {
        synchronized (received) {
            return new ArrayList<>(received).stream();
        }
    }
}
