package io.tidegate.spark.client.internal;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.tidegate.protocol.v1.EventPullGrpc;
import io.tidegate.protocol.v1.PullRequest;
import io.tidegate.protocol.v1.PullResponse;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One pull stream under manual flow control: at most {@value #AHEAD} responses wait here, the rest waits at the gateway.
 * Sent to and polled by one thread; {@link #cancel} may come from any.
 */
public final class PullStream {

    private static final int AHEAD = 16;

    /** What came by the stream, in order; the last is how it ended. */
    private sealed interface Signal {
        record Response(PullResponse response) implements Signal {}

        record End(Status status) implements Signal {}
    }

    private final LinkedBlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
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
     * @throws StatusRuntimeException when the stream has ended, by whomever
     */
    Optional<PullResponse> poll(long waitMs) throws InterruptedException {
        Signal next = signals.poll(waitMs, TimeUnit.MILLISECONDS);
        if (next instanceof Signal.End end) {
            signals.add(end);
            throw end.status().asRuntimeException();
        }
        if (next instanceof Signal.Response response) {
            owed++;
            request();
            return Optional.of(response.response());
        }
        return Optional.empty();
    }

    /**
     * While held, nothing more is asked for: a few responses may still come, then the gateway can't send. Credit that it
     * was given before can't be taken back, this way it needn't be.
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
            signals.add(new Signal.Response(response));
        }

        @Override
        public void onError(Throwable failure) {
            signals.add(new Signal.End(Status.fromThrowable(failure)));
        }

        @Override
        public void onCompleted() {
            signals.add(new Signal.End(Status.UNAVAILABLE.withDescription("the gateway ended the stream")));
        }
    }
}
