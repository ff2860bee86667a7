package io.tidegate.gateway.serve;

import io.grpc.stub.ServerCallStreamObserver;
import io.tidegate.gateway.log.LogFailure;
import io.tidegate.gateway.log.LogStore;
import io.tidegate.gateway.log.ReadResult;
import io.tidegate.protocol.v1.ReadRequest;
import io.tidegate.protocol.v1.ReadResponse;

/** One {@code Read} call: goes on whenever the transport is ready. gRPC calls it from one thread at a time. */
final class RangeReader {

    private final LogStore store;
    private final long maxBytes;
    private final ReadRequest range;
    private final ServerCallStreamObserver<ReadResponse> call;
    private long next;
    private boolean over;

    RangeReader(ServeContext shared, ReadRequest range, ServerCallStreamObserver<ReadResponse> call) {
        this.store = shared.store();
        this.maxBytes = shared.settings().maxFrameBytes();
        this.range = range;
        this.call = call;
        this.next = range.getFrom();
    }

    void start() {
        int keyGroup = range.getKeyGroup();
        if (keyGroup < 0 || keyGroup >= store.keyGroups()) {
            refuse(
                    RefusalReason.INVALID,
                    "key_group: " + keyGroup + " (expected: 0 to " + (store.keyGroups() - 1) + ")");
        } else if (range.getFrom() < 0 || range.getFrom() > range.getUntil()) {
            refuse(
                    RefusalReason.INVALID,
                    "range: " + range.getFrom() + " until " + range.getUntil() + " (expected: 0 <= from <= until)");
        } else if (range.getUntil() > store.tail(keyGroup).next()) {
            refuse(
                    RefusalReason.PRECONDITION,
                    "until: " + range.getUntil() + " (expected: at most "
                            + store.tail(keyGroup).next() + ", the end of the log of gateway " + store.gateway() + ")");
        } else {
            call.setOnCancelHandler(() -> over = true);
            call.setOnReadyHandler(this::advance);
            advance();
        }
    }

    private void advance() {
        try {
            while (!over && call.isReady()) {
                send(store.read(range.getKeyGroup(), next, range.getUntil(), maxBytes));
            }
        } catch (LogFailure e) {
            refuse(RefusalReason.FAILED, String.valueOf(e.getMessage()));
        }
    }

    private void send(ReadResult read) {
        if (read instanceof ReadResult.Trimmed trimmed) {
            refuse(
                    RefusalReason.TRIMMED,
                    "from: " + next + " (expected: at least " + trimmed.oldest() + ", the oldest retained event)");
        } else if (read instanceof ReadResult.Slice slice) {
            if (!slice.chunks().isEmpty()) {
                call.onNext(
                        ReadResponse.newBuilder().addAllChunks(slice.chunks()).build());
            }
            next = slice.next();
            if (next >= range.getUntil()) {
                over = true;
                call.onCompleted();
            }
        }
    }

    private void refuse(RefusalReason reason, String message) {
        over = true;
        call.onError(reason.onTheWire(message));
    }
}
