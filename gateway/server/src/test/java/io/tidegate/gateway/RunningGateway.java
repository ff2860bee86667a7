package io.tidegate.gateway;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.javadsl.Behaviors;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.tidegate.gateway.log.LogStore;
import io.tidegate.gateway.log.RocksLogStore;
import io.tidegate.junit.Patience;
import io.tidegate.mqtt.MqttTransport;
import io.tidegate.protocol.v1.Chunk;
import io.tidegate.protocol.v1.Event;
import io.tidegate.protocol.v1.EventPullGrpc;
import io.tidegate.protocol.v1.KeyGroupOffsets;
import io.tidegate.protocol.v1.OffsetsRequest;
import io.tidegate.protocol.v1.ReadRequest;
import io.tidegate.protocol.v1.Reading;
import io.tidegate.protocol.v1.Request;
import io.tidegate.settings.Settings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** A whole gateway in the test's process, on free ports, over a folder that survives it. */
final class RunningGateway implements AutoCloseable {

    private static final long PATIENCE_SECONDS = Patience.LIMIT.toSeconds();

    private final LogStore store;
    private final ActorSystem<Gateway.Command> system;
    private final Gateway.Signals signals = Gateway.Signals.create();
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Patience.LIMIT).build();

    private RunningGateway(GatewaySettings settings, MqttTransport transport, Duration drain, CountDownLatch starts)
            throws Exception {
        store = RocksLogStore.open(settings.log(), settings.keyGroups().count(), settings.id());
        GatewayEnvironment environment = new GatewayEnvironment(
                transport,
                Clock.systemUTC(),
                new Random(1),
                "1.2.3",
                new GatewayEnvironment.StopWaits(drain, Patience.LIMIT));
        Behavior<Gateway.Command> gateway = Behaviors.setup(context -> {
            starts.await();
            return Gateway.create(settings, store, environment, signals);
        });
        system = ActorSystem.create(gateway, "test", Main.akka());
    }

    /** Starts one; {@code more} is HOCON inside {@code tidegate.gateway}. */
    static RunningGateway start(Path folder, MqttTransport transport, String more) throws Exception {
        return start(folder, transport, more, Patience.LIMIT);
    }

    /** One that waits only so long, when it stops, for what is in its hands. */
    static RunningGateway start(Path folder, MqttTransport transport, String more, Duration drain) throws Exception {
        return new RunningGateway(settings(folder, more), transport, drain, new CountDownLatch(0));
    }

    /** One that is told to stop before it has begun to start. */
    static RunningGateway startAndStop(Path folder, MqttTransport transport) throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        RunningGateway gateway = new RunningGateway(settings(folder, ""), transport, Patience.LIMIT, told);
        gateway.system.tell(Gateway.Stop.STOP);
        told.countDown();
        return gateway;
    }

    private static GatewaySettings settings(Path folder, String more) throws Exception {
        Path file = Files.writeString(folder.resolve("test.conf"), """
                tidegate.gateway {
                  log { dir = "%s", min-free-bytes = 0 }
                  http.port = 0
                  pull.port = 0
                  flume.port = 0
                  key-groups = 2
                  devices.settle = 0s
                  http.ingest.max-wait = 15s
                  flume.max-wait = 60s
                  %s
                }
                """.formatted(folder.resolve("data"), more));
        return GatewaySettings.from(Settings.load(GatewaySettings.ROOT, file, Map.of(), new Properties()));
    }

    Gateway.Addresses addresses() throws Exception {
        return signals.ready().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    Gateway.Ended ended() throws Exception {
        return signals.ended().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** The threads on which whatever may block does. */
    Executor blocking() {
        return system.dispatchers().lookup(DispatcherSelector.blocking());
    }

    /** Takes the log away, as a broken disk would. */
    void breakLog() {
        store.close();
    }

    HttpResponse<String> get(String path) throws Exception {
        return send("GET", path);
    }

    HttpResponse<String> send(String method, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + addresses().pages().getPort() + path);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .timeout(Patience.LIMIT)
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** Sends a body; {@code headers} are names and values in turn. */
    HttpResponse<String> post(String path, byte[] body, String... headers) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + addresses().pages().getPort() + path);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .timeout(Patience.LIMIT);
        return client.send(
                (headers.length == 0 ? request : request.headers(headers)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** The readings of {@link #events}. */
    List<Reading> readings() throws Exception {
        return events().stream()
                .filter(Event::hasReading)
                .map(Event::getReading)
                .toList();
    }

    /** The requests of {@link #events}. */
    List<Request> requests() throws Exception {
        return events().stream()
                .filter(Event::hasRequest)
                .map(Event::getRequest)
                .toList();
    }

    /** Everything that the pull protocol gives, key group by key group. */
    List<Event> events() throws Exception {
        ManagedChannel channel = ManagedChannelBuilder.forAddress(
                        "127.0.0.1", addresses().pullPort())
                .usePlaintext()
                .build();
        try {
            EventPullGrpc.EventPullBlockingStub pull =
                    EventPullGrpc.newBlockingStub(channel).withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS);
            List<Event> events = new ArrayList<>();
            for (KeyGroupOffsets group : pull.offsets(
                            OffsetsRequest.newBuilder().setGroup("processor").build())
                    .getKeyGroupsList()) {
                ReadRequest range = ReadRequest.newBuilder()
                        .setKeyGroup(group.getKeyGroup())
                        .setFrom(group.getOldest())
                        .setUntil(group.getEnd())
                        .build();
                pull.read(range)
                        .forEachRemaining(read -> read.getChunksList().forEach(chunk -> {
                            try {
                                Chunk.parseFrom(chunk).getEventsList().forEach(events::add);
                            } catch (com.google.protobuf.InvalidProtocolBufferException e) {
                                throw new AssertionError(e);
                            }
                        }));
            }
            return events;
        } finally {
            channel.shutdownNow();
        }
    }

    @Override
    public void close() throws Exception {
        system.tell(Gateway.Stop.STOP);
        system.getWhenTerminated().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        store.close();
    }
}
