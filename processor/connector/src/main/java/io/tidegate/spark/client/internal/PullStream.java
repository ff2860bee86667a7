package io.tidegate.spark.client.internal;

import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.tidegate.protocol.v1.EventPullGrpc;
import io.tidegate.protocol.v1.PullRequest;
import io.tidegate.protocol.v1.PullResponse;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One pull stream under manual flow control: at most {@value #AHEAD} responses wait here, the rest waits at the gateway.
 * Sent to and polled by one thread; {@link #cancel} may come from any.
 */
public final class PullStream {

    private static final int AHEAD = 16;

    /** What came by the stream, in order; the last one throws how it ended. */
    private final LinkedBlockingQueue<Supplier<PullResponse>> arrived = new LinkedBlockingQueue<>();

    private @Nullable ClientCallStreamObserver<PullRequest> requests;
    private boolean held;
    private int owed;

    private PullStream() {}

    static PullStream open(EventPullGrpc.EventPullStub stub) {
        PullStream call = new PullStream();
        var unused = stub.pull(call.new Responses());
        return call;
    }

    void send(PullRequest request) {
        requests().onNext(request);
    }

    /**
     * The next response, or none within {@code waitMs}.
     *
     * @throws io.grpc.StatusRuntimeException when the stream has ended, whoever ended it; it is not polled after that
     */
    Optional<PullResponse> poll(long waitMs) throws InterruptedException {
        Supplier<PullResponse> next = arrived.poll(waitMs, TimeUnit.MILLISECONDS);
        if (next == null) {
            return Optional.empty();
        }
        PullResponse response = next.get();
        owed++;
        request();
        return Optional.of(response);
    }

    /**
     * While held, no more responses are requested: a few may still come, then gRPC's flow control stops the gateway,
     * whatever credit it still has.
     */
    void hold(boolean held) {
        this.held = held;
        request();
    }

    private void request() {
        if (!held && owed > 0) {
            requests().request(owed);
            owed = 0;
        }
    }

    /** Ends the stream; idempotent. */
    public void cancel() {
        requests().cancel("the receiver stops", null);
    }

    private ClientCallStreamObserver<PullRequest> requests() {
        return Objects.requireNonNull(requests, "set before the call starts");
    }

    /** Called on gRPC's threads: only passes on. */
    private final class Responses implements ClientResponseObserver<PullRequest, PullResponse> {
        @Override
        public void beforeStart(ClientCallStreamObserver<PullRequest> stream) {
            stream.disableAutoRequestWithInitial(AHEAD);
            requests = stream;
        }

        @Override
        public void onNext(PullResponse response) {
            arrived.add(() -> response);
        }

        @Override
        public void onError(Throwable failure) {
            ended(Status.fromThrowable(failure));
        }

        @Override
        public void onCompleted() {
            ended(Status.UNAVAILABLE.withDescription("the gateway ended the stream"));
        }

        private void ended(Status status) {
            arrived.add(() -> {
                throw status.asRuntimeException();
            });
        }
    }
}
