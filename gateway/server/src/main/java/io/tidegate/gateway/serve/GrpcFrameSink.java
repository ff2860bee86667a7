package io.tidegate.gateway.serve;

import akka.actor.typed.ActorRef;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.tidegate.protocol.v1.PullRequest;
import io.tidegate.protocol.v1.PullResponse;
import org.jspecify.annotations.Nullable;

/**
 * One {@code Pull} call, between gRPC's threads and the session's actor. Each message of the receiver is asked for by
 * itself, so nothing piles up in the actor's mailbox; the session sends only while the transport is ready, so nothing
 * piles up in gRPC either.
 *
 * <pre>
 *   waiting for Hello ──Hello──▶ waiting for a session ──opened──▶ open ──end, or the receiver left──▶ over
 * </pre>
 */
final class GrpcFrameSink implements FrameSink, StreamObserver<PullRequest> {

    private final ServerCallStreamObserver<PullResponse> call;
    private final ActorRef<ConsumerGroups.Command> groups;
    private boolean greeted;
    // Guarded by this.
    private @Nullable ActorRef<ReceiverSession.Command> session;
    private boolean gone;
    private boolean over;

    GrpcFrameSink(ServerCallStreamObserver<PullResponse> call, ActorRef<ConsumerGroups.Command> groups) {
        this.call = call;
        this.groups = groups;
    }

    /** Before the service method returns: gRPC takes no handlers later. */
    GrpcFrameSink start() {
        call.disableAutoRequest();
        call.setOnReadyHandler(() -> tell(ReceiverSession.Wake.READY));
        call.setOnCancelHandler(this::left);
        call.request(1);
        return this;
    }

    @Override
    public void onNext(PullRequest request) {
        if (greeted) {
            tell(new ReceiverSession.Inbound(request));
        } else if (request.hasHello()) {
            greeted = true;
            String group = request.getHello().getGroup();
            groups.tell(new ConsumerGroups.Route(group, new ConsumerGroup.Open(request.getHello(), this)));
        } else {
            end(RefusalReason.PRECONDITION, "message: " + request.getMessageCase() + " (expected: hello first)");
        }
    }

    @Override
    public void onError(Throwable failure) {
        left();
    }

    /** The receiver has nothing more to say, so nothing more can be acknowledged: the session is over. */
    @Override
    public void onCompleted() {
        left();
        synchronized (this) {
            if (!over) {
                over = true;
                call.onCompleted();
            }
        }
    }

    private void left() {
        synchronized (this) {
            gone = true;
        }
        tell(ReceiverSession.Wake.GONE);
    }

    @Override
    public void opened(ActorRef<ReceiverSession.Command> opened) {
        boolean late;
        synchronized (this) {
            session = opened;
            late = gone;
        }
        if (late) {
            opened.tell(ReceiverSession.Wake.GONE);
        } else {
            requestNext();
        }
    }

    private void tell(ReceiverSession.Command command) {
        ActorRef<ReceiverSession.Command> to;
        synchronized (this) {
            to = session;
        }
        if (to != null) {
            to.tell(command);
        }
    }

    @Override
    public boolean isReady() {
        return call.isReady();
    }

    @Override
    public synchronized void send(PullResponse response) {
        if (!over && !call.isCancelled()) {
            call.onNext(response);
        }
    }

    @Override
    public void requestNext() {
        call.request(1);
    }

    @Override
    public synchronized void end(RefusalReason reason, String message) {
        if (!over) {
            over = true;
            if (!call.isCancelled()) {
                call.onError(reason.onTheWire(message));
            }
        }
    }
}
