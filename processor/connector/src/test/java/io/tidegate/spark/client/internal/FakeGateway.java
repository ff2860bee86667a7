package io.tidegate.spark.client.internal;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.tidegate.harness.FreePort;
import io.tidegate.protocol.ChecksumCodec;
import io.tidegate.protocol.v1.CommitRequest;
import io.tidegate.protocol.v1.CommitResponse;
import io.tidegate.protocol.v1.Event;
import io.tidegate.protocol.v1.EventPullGrpc;
import io.tidegate.protocol.v1.KeyGroupOffsets;
import io.tidegate.protocol.v1.KeyGroupTime;
import io.tidegate.protocol.v1.OffsetsRequest;
import io.tidegate.protocol.v1.OffsetsResponse;
import io.tidegate.protocol.v1.Position;
import io.tidegate.protocol.v1.PullRequest;
import io.tidegate.protocol.v1.PullResponse;
import io.tidegate.protocol.v1.ReadRequest;
import io.tidegate.protocol.v1.ReadResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A gateway that speaks the real protocol and can be made to fail on purpose, which a real one can't: it ends streams
 * before or after a frame or an acknowledgement, redelivers with other boundaries, freezes its time, and refuses for ever
 * what was committed. One consumer group. Everything under one lock.
 */
public final class FakeGateway implements AutoCloseable {

    private final String id;
    private final FakeLog log;
    private final Random random;
    private final ScheduledExecutorService pump = Executors.newSingleThreadScheduledExecutor();

    // cursors of the one group
    private final long[] committed;
    private final long[] delivered;
    private long epoch;
    private long seenThroughMs;
    private String run = "";

    // what the tests cause
    private double faults;
    private boolean frozen;
    private boolean keeps;

    // what the tests look at
    private final List<List<Position>> runs = new ArrayList<>();
    private int reads;
    private int refusedReads;
    private int cuts;

    private @Nullable FakePull session;
    private @Nullable Server server;
    private final int port;

    public FakeGateway(int keyGroups, long seed) throws IOException {
        this("fake", keyGroups, seed);
    }

    /** A gateway with an id of its own. */
    public FakeGateway(String id, int keyGroups, long seed) throws IOException {
        this(id, keyGroups, seed, FreePort.next());
    }

    /** One that listens where another one was. */
    public FakeGateway(String id, int keyGroups, long seed, int port) throws IOException {
        this.id = id;
        this.port = port;
        random = new Random(seed);
        log = new FakeLog(keyGroups);
        committed = new long[keyGroups];
        delivered = new long[keyGroups];
        start();
        var unused = pump.scheduleWithFixedDelay(this::pump, 10, 10, TimeUnit.MILLISECONDS);
    }

    public int port() {
        return port;
    }

    public String address() {
        return "127.0.0.1:" + port;
    }

    /** Listens, again on the same port. */
    public synchronized void start() throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .permitKeepAliveTime(1, TimeUnit.SECONDS)
                .addService(new Service())
                .compressorRegistry(ChecksumCodec.compressors())
                .decompressorRegistry(ChecksumCodec.decompressors())
                .build()
                .start();
    }

    /** Is away: every connection breaks. */
    public void stop() {
        Server stopping;
        synchronized (this) {
            stopping = server;
            server = null;
            session = null;
        }
        if (stopping != null) {
            stopping.shutdownNow();
        }
    }

    @Override
    public void close() {
        pump.shutdownNow();
        stop();
    }

    public synchronized void append(String device, double value) {
        log.append(device, value);
    }

    /** Any event, of the device or client that it names. */
    public synchronized void append(String key, Event event) {
        log.append(key, event);
    }

    /** Forgets what lies below a position. */
    public synchronized void trim(int keyGroup, long next) {
        committed[keyGroup] = Math.max(committed[keyGroup], next);
    }

    /** From now on, with this chance at every frame and at every acknowledgement, the stream ends before or after it. */
    public synchronized void faults(double chance) {
        faults = chance;
    }

    /** From now on nothing is trimmed, as by a gateway with a retention. */
    public synchronized void keepCommitted() {
        keeps = true;
    }

    public synchronized void freeze(boolean frozen) {
        this.frozen = frozen;
    }

    public synchronized long end(int keyGroup) {
        return log.end(keyGroup);
    }

    public synchronized Map<String, Long> countByDevice() {
        return new TreeMap<>(log.countByDevice());
    }

    public synchronized long events() {
        return log.countByDevice().values().stream().mapToLong(Long::longValue).sum();
    }

    public synchronized long totalCommitted() {
        return java.util.Arrays.stream(committed).sum();
    }

    public synchronized long totalDelivered() {
        return java.util.Arrays.stream(delivered).sum();
    }

    public synchronized long[] committed() {
        return committed.clone();
    }

    public synchronized int reads() {
        return reads;
    }

    public synchronized int refusedReads() {
        return refusedReads;
    }

    public synchronized int cuts() {
        return cuts;
    }

    public synchronized boolean connected() {
        return session != null;
    }

    /** What each run asked to be delivered from. */
    public synchronized List<List<Position>> runs() {
        return List.copyOf(runs);
    }

    /** Ends the stream of the receiver. */
    public synchronized void cut() {
        if (session != null) {
            session.end(Status.UNAVAILABLE.withDescription("cut on purpose"));
            session = null;
            cuts++;
        }
    }

    private synchronized void pump() {
        FakePull current = session;
        if (current == null) {
            return;
        }
        if (random.nextDouble() < faults) {
            cut();
            return;
        }
        boolean sent = current.pump(log, random, frozen);
        if (sent && random.nextDouble() < faults) {
            cut();
        }
    }

    private synchronized void acknowledge(FakePull from, List<Position> positions) {
        if (from != session) {
            return;
        }
        if (random.nextDouble() < faults) { // the acknowledgement is lost
            cut();
            return;
        }
        for (Position p : positions) {
            delivered[p.getKeyGroup()] = Math.max(delivered[p.getKeyGroup()], p.getNext());
        }
        if (random.nextDouble() < faults) { // it was taken, and nobody will know
            cut();
        }
    }

    private synchronized void open(FakePull from, long helloEpoch) {
        if (helloEpoch != epoch) {
            from.end(Status.ABORTED.withDescription("epoch " + helloEpoch + ", newest " + epoch));
            return;
        }
        if (session != null) {
            session.end(Status.ABORTED.withDescription("a newer session"));
        }
        session = from;
        from.welcome(delivered);
    }

    private final class Service extends EventPullGrpc.EventPullImplBase {

        @Override
        public StreamObserver<PullRequest> pull(StreamObserver<PullResponse> responses) {
            FakePull pull = new FakePull(responses);
            return new StreamObserver<>() {
                @Override
                public void onNext(PullRequest request) {
                    switch (request.getMessageCase()) {
                        case HELLO -> open(pull, request.getHello().getEpoch());
                        case CREDIT -> pull.credit(request.getCredit());
                        case ACK -> acknowledge(pull, request.getAck().getPositionsList());
                        default -> {
                            // a heartbeat
                        }
                    }
                }

                @Override
                public void onError(Throwable failure) {
                    gone(pull);
                }

                @Override
                public void onCompleted() {
                    gone(pull);
                }
            };
        }

        @Override
        public void offsets(OffsetsRequest request, StreamObserver<OffsetsResponse> response) {
            response.onNext(position(request));
            response.onCompleted();
        }

        @Override
        public void read(ReadRequest request, StreamObserver<ReadResponse> response) {
            try {
                response.onNext(retained(request));
                response.onCompleted();
            } catch (io.grpc.StatusRuntimeException refused) {
                response.onError(refused);
            }
        }

        @Override
        public void commit(CommitRequest request, StreamObserver<CommitResponse> response) {
            try {
                moveCommit(request);
                response.onNext(CommitResponse.getDefaultInstance());
                response.onCompleted();
            } catch (io.grpc.StatusRuntimeException refused) {
                response.onError(refused);
            }
        }
    }

    private synchronized void gone(FakePull pull) {
        if (session == pull) {
            session = null;
        }
    }

    /** From now on it says that it has seen through this time. */
    public synchronized void seenThrough(long ms) {
        seenThroughMs = ms;
    }

    private synchronized OffsetsResponse position(OffsetsRequest request) {
        if (request.hasBeginRun() && !request.getBeginRun().getRun().equals(run)) {
            run = request.getBeginRun().getRun();
            epoch++;
            if (session != null) {
                session.end(Status.ABORTED.withDescription("a newer run"));
                session = null;
            }
            System.arraycopy(committed, 0, delivered, 0, committed.length);
            for (Position p : request.getBeginRun().getDeliverFromList()) {
                delivered[p.getKeyGroup()] = p.getNext();
            }
            runs.add(request.getBeginRun().getDeliverFromList());
        }
        OffsetsResponse.Builder answer =
                OffsetsResponse.newBuilder().setGateway(id).setEpoch(epoch).setKeyGroupCount(committed.length);
        for (int kg = 0; kg < committed.length; kg++) {
            KeyGroupOffsets.Builder offsets = KeyGroupOffsets.newBuilder()
                    .setKeyGroup(kg)
                    .setOldest(keeps ? 0 : committed[kg])
                    .setEnd(log.end(kg))
                    .setCommitted(committed[kg])
                    .setDelivered(delivered[kg])
                    .setTime(KeyGroupTime.newBuilder().setSeenThroughMs(seenThroughMs));
            if (request.getReceivedFromMs() > 0) {
                offsets.setReceivedFrom(Math.max(committed[kg], log.receivedFrom(kg, request.getReceivedFromMs())));
            }
            answer.addKeyGroups(offsets);
        }
        return answer.build();
    }

    private synchronized ReadResponse retained(ReadRequest r) {
        reads++;
        if (!keeps && r.getFrom() < committed[r.getKeyGroup()]) {
            refusedReads++;
            throw Status.OUT_OF_RANGE.withDescription("trimmed").asRuntimeException();
        }
        if (r.getUntil() > log.end(r.getKeyGroup())) {
            throw Status.FAILED_PRECONDITION.withDescription("behind the end").asRuntimeException();
        }
        return ReadResponse.newBuilder()
                .addAllChunks(log.chunks(r.getKeyGroup(), r.getFrom(), r.getUntil(), random))
                .build();
    }

    private synchronized void moveCommit(CommitRequest request) {
        if (request.getEpoch() != epoch) {
            throw Status.ABORTED.withDescription("a newer run").asRuntimeException();
        }
        for (Position p : request.getPositionsList()) {
            if (p.getNext() > log.end(p.getKeyGroup())) {
                throw Status.INVALID_ARGUMENT.withDescription("behind the end").asRuntimeException();
            }
            committed[p.getKeyGroup()] = Math.max(committed[p.getKeyGroup()], p.getNext());
        }
    }
}
