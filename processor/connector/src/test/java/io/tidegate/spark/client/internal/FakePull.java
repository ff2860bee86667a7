package io.tidegate.spark.client.internal;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.tidegate.protocol.v1.Credit;
import io.tidegate.protocol.v1.Frame;
import io.tidegate.protocol.v1.KeyGroupProgress;
import io.tidegate.protocol.v1.KeyGroupTime;
import io.tidegate.protocol.v1.Position;
import io.tidegate.protocol.v1.Progress;
import io.tidegate.protocol.v1.PullResponse;
import io.tidegate.protocol.v1.Welcome;
import java.util.List;
import java.util.Random;

/** One pull stream of the {@link FakeGateway}. */
final class FakePull {
    private static final int PROGRESS_EVERY_MS = 100;

    private final ServerCallStreamObserver<PullResponse> responses;
    private long[] sent = new long[0];
    private long events;
    private long bytes;
    private long progressMs;
    private boolean ended;

    FakePull(StreamObserver<PullResponse> responses) {
        this.responses = (ServerCallStreamObserver<PullResponse>) responses;
        this.responses.setOnCancelHandler(() -> {}); // then sending to a receiver that went away is no error
    }

    synchronized void welcome(long[] delivered) {
        sent = delivered.clone();
        Welcome.Builder welcome = Welcome.newBuilder()
                .setGateway("fake")
                .setKeyGroupCount(sent.length)
                .setHeartbeatIntervalMs(200)
                .setSessionTimeoutMs(10_000);
        for (int kg = 0; kg < sent.length; kg++) {
            welcome.addPositions(Position.newBuilder().setKeyGroup(kg).setNext(sent[kg]));
        }
        responses.onNext(PullResponse.newBuilder().setWelcome(welcome).build());
    }

    synchronized void credit(Credit credit) {
        events += credit.getEvents();
        bytes += credit.getBytes();
    }

    /** Sends what credit allows; true: at least one frame. */
    synchronized boolean pump(FakeLog log, Random random, boolean frozen) {
        boolean any = false;
        long nowMs = System.currentTimeMillis();
        for (int kg = 0; kg < sent.length && !ended; kg++) {
            if (sent[kg] < log.end(kg) && events > 0 && bytes > 0 && responses.isReady()) {
                frame(log, kg, random, frozen ? 0 : nowMs);
                any = true;
            }
        }
        if (!ended && !frozen && nowMs - progressMs >= PROGRESS_EVERY_MS) {
            progress(log, nowMs);
            progressMs = nowMs;
        }
        return any;
    }

    private void frame(FakeLog log, int kg, Random random, long seenThroughMs) {
        long from = sent[kg];
        long next = Math.min(log.end(kg), from + 1 + random.nextInt(150));
        List<ByteString> chunks = log.chunks(kg, from, next, random);
        Frame.Builder frame = Frame.newBuilder()
                .setKeyGroup(kg)
                .setFrom(from)
                .setNext(next)
                .addAllChunks(chunks)
                .setBacklog(log.end(kg) - next);
        if (next == log.end(kg)) {
            frame.setTime(KeyGroupTime.newBuilder().setSeenThroughMs(seenThroughMs));
        }
        responses.onNext(PullResponse.newBuilder().setFrame(frame).build());
        sent[kg] = next;
        events -= next - from;
        bytes -= chunks.stream().mapToLong(ByteString::size).sum();
    }

    private void progress(FakeLog log, long nowMs) {
        Progress.Builder progress = Progress.newBuilder();
        for (int kg = 0; kg < sent.length; kg++) {
            if (sent[kg] == log.end(kg)) {
                progress.addKeyGroups(KeyGroupProgress.newBuilder()
                        .setKeyGroup(kg)
                        .setNext(sent[kg])
                        .setTime(KeyGroupTime.newBuilder().setSeenThroughMs(nowMs)));
            }
        }
        if (progress.getKeyGroupsCount() > 0) {
            responses.onNext(PullResponse.newBuilder().setProgress(progress).build());
        }
    }

    synchronized void end(Status status) {
        if (!ended) {
            ended = true;
            try {
                responses.onError(status.asRuntimeException());
            } catch (IllegalStateException alreadyOver) {
                // the receiver has cancelled it
            }
        }
    }
}
