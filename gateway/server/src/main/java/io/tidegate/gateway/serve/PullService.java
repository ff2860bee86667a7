package io.tidegate.gateway.serve;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.tidegate.gateway.log.GroupCursors;
import io.tidegate.gateway.log.LogFailure;
import io.tidegate.protocol.v1.CommitRequest;
import io.tidegate.protocol.v1.CommitResponse;
import io.tidegate.protocol.v1.EventPullGrpc;
import io.tidegate.protocol.v1.OffsetsRequest;
import io.tidegate.protocol.v1.OffsetsResponse;
import io.tidegate.protocol.v1.PullRequest;
import io.tidegate.protocol.v1.PullResponse;
import io.tidegate.protocol.v1.ReadRequest;
import io.tidegate.protocol.v1.ReadResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/** The four calls of the pull protocol. Called by gRPC's threads; {@code Read} and the search for a time of
 * receipt wait for the disk on them. */
final class PullService extends EventPullGrpc.EventPullImplBase {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ActorSystem<?> system;
    private final ActorRef<ConsumerGroups.Command> groups;
    private final ServeContext shared;

    PullService(ActorSystem<?> system, ActorRef<ConsumerGroups.Command> groups, ServeContext shared) {
        this.system = system;
        this.groups = groups;
        this.shared = shared;
    }

    @Override
    public StreamObserver<PullRequest> pull(StreamObserver<PullResponse> responses) {
        return new GrpcFrameSink((ServerCallStreamObserver<PullResponse>) responses, groups).start();
    }

    @Override
    public void offsets(OffsetsRequest request, StreamObserver<OffsetsResponse> responses) {
        List<Long> receivedFrom;
        try {
            receivedFrom = OffsetsReply.receivedFrom(shared.store(), request.getReceivedFromMs());
        } catch (LogFailure e) {
            responses.onError(RefusalReason.FAILED.onTheWire(String.valueOf(e.getMessage())));
            return;
        }
        Consumer<GroupCursors> granted = cursors -> {
            responses.onNext(OffsetsReply.of(shared, cursors, receivedFrom));
            responses.onCompleted();
        };
        if (request.hasBeginRun()) {
            String run = request.getBeginRun().getRun();
            Map<Integer, Long> from = Positions.byKeyGroup(request.getBeginRun().getDeliverFromList());
            ask(request.getGroup(), replyTo -> new ConsumerGroup.BeginRun(run, from, replyTo), granted, responses);
        } else if (request.getGroup().isEmpty()) {
            List<Long> none = List.of();
            granted.accept(new GroupCursors("", "", 0, none, none));
        } else {
            ask(request.getGroup(), ConsumerGroup.Describe::new, granted, responses);
        }
    }

    @Override
    public void commit(CommitRequest request, StreamObserver<CommitResponse> responses) {
        Map<Integer, Long> positions = Positions.byKeyGroup(request.getPositionsList());
        ask(
                request.getGroup(),
                replyTo -> new ConsumerGroup.Commit(request.getEpoch(), positions, replyTo),
                cursors -> {
                    responses.onNext(OffsetsReply.committed(cursors));
                    responses.onCompleted();
                },
                responses);
    }

    @Override
    public void read(ReadRequest request, StreamObserver<ReadResponse> responses) {
        new RangeReader(shared, request, (ServerCallStreamObserver<ReadResponse>) responses).start();
    }

    private void ask(
            String group,
            Function<ActorRef<GroupReply>, ConsumerGroup.Request> request,
            Consumer<GroupCursors> granted,
            StreamObserver<?> responses) {
        AskPattern.<ConsumerGroups.Command, GroupReply>ask(
                        groups,
                        replyTo -> new ConsumerGroups.Route(group, request.apply(replyTo)),
                        PATIENCE,
                        system.scheduler())
                .whenComplete((answer, failure) -> {
                    if (failure != null) {
                        responses.onError(RefusalReason.STOPPING.onTheWire("no answer: " + failure.getMessage()));
                    } else if (answer instanceof GroupReply.Refused refused) {
                        responses.onError(refused.reason().onTheWire(refused.message()));
                    } else if (answer instanceof GroupReply.Granted given) {
                        granted.accept(given.cursors());
                    }
                });
    }
}
