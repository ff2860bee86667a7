package io.tidegate.gateway.flume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.compression.ZlibCodecFactory;
import io.netty.handler.codec.compression.ZlibWrapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.apache.avro.Protocol;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.ipc.generic.GenericRequestor;
import org.apache.avro.ipc.netty.NettyTransceiver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Through Avro's own client. A real agent: {@code FlumeAgentTest} in simulator/chain. */
@Timeout(60)
class FlumeServerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final List<List<FlumeEvent>> taken = new CopyOnWriteArrayList<>();

    @Test
    void an_event_and_a_batch_are_ok_when_they_are_durable() throws Exception {
        CompletableFuture<Boolean> durable = new CompletableFuture<>();
        try (FlumeServer server = start(false, PATIENCE, batch -> {
                    taken.add(batch);
                    return durable;
                });
                Agent agent = new Agent(server.port(), false)) {
            CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> agent.append("one"));
            assertThat(answer).isNotCompleted();
            durable.complete(true);

            assertThat(answer.get()).isEqualTo("OK");
            assertThat(agent.appendBatch(3)).isEqualTo("OK");
            assertThat(agent.appendBatch(0)).isEqualTo("OK");
        }
        assertThat(taken)
                .containsExactly(List.of(event("one")), List.of(event("line 0"), event("line 1"), event("line 2")));
    }

    @Test
    void what_is_refused_fails_or_takes_too_long_is_failed_and_the_agent_may_send_it_again() throws Exception {
        List<CompletableFuture<Boolean>> answers = new CopyOnWriteArrayList<>(List.of(
                CompletableFuture.completedFuture(false),
                CompletableFuture.failedFuture(new IOException("no disk")),
                new CompletableFuture<>(),
                CompletableFuture.completedFuture(true)));
        try (FlumeServer server = start(false, Duration.ofMillis(300), batch -> answers.remove(0));
                Agent agent = new Agent(server.port(), false)) {
            assertThat(agent.append("refused")).isEqualTo("FAILED");
            assertThat(agent.append("broken")).isEqualTo("FAILED");
            assertThat(agent.append("slow")).isEqualTo("FAILED");
            assertThat(agent.append("at last")).isEqualTo("OK");
        }
    }

    @Test
    void an_agent_may_compress() throws Exception {
        try (FlumeServer server = start(true, PATIENCE, batch -> {
                    taken.add(batch);
                    return CompletableFuture.completedFuture(true);
                });
                Agent agent = new Agent(server.port(), true)) {
            assertThat(agent.appendBatch(1_000)).isEqualTo("OK");
        }
        assertThat(taken.get(0)).hasSize(1_000).contains(event("line 999"));
    }

    @Test
    void an_address_that_is_taken_is_told() throws Exception {
        try (FlumeServer server = start(false, PATIENCE, batch -> CompletableFuture.completedFuture(true))) {
            assertThatThrownBy(() -> FlumeServer.start(
                            settings(server.port(), false, PATIENCE), batch -> CompletableFuture.completedFuture(true)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("" + server.port());
        }
    }

    private static FlumeServer start(boolean deflate, Duration patience, FlumeBatches batches) throws Exception {
        return FlumeServer.start(settings(0, deflate, patience), batches);
    }

    private static FlumeServer.Settings settings(int port, boolean deflate, Duration patience) {
        return new FlumeServer.Settings("127.0.0.1", port, deflate, Optional.empty(), 4, patience);
    }

    private static FlumeEvent event(String body) {
        return new FlumeEvent(Map.of("host", "web-1"), ByteString.copyFromUtf8(body));
    }

    /** The client's end. */
    private static final class Agent implements AutoCloseable {
        private final Protocol protocol;
        private final NettyTransceiver connection;
        private final GenericRequestor requestor;

        Agent(int port, boolean deflate) throws IOException {
            try (InputStream avpr =
                    Objects.requireNonNull(FlumeServer.class.getResourceAsStream("flume.avpr"), "flume.avpr")) {
                protocol = Protocol.parse(avpr);
            }
            connection = new NettyTransceiver(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                    5_000,
                    channel -> compress(channel, deflate),
                    bootstrap -> {});
            requestor = new GenericRequestor(protocol, connection);
        }

        private static void compress(SocketChannel channel, boolean deflate) {
            if (deflate) {
                channel.pipeline().addLast(ZlibCodecFactory.newZlibEncoder(ZlibWrapper.ZLIB));
                channel.pipeline().addLast(ZlibCodecFactory.newZlibDecoder(ZlibWrapper.ZLIB, 0));
            }
        }

        String append(String body) {
            return ask("append", "event", sent(body));
        }

        String appendBatch(int lines) {
            return ask(
                    "appendBatch",
                    "events",
                    IntStream.range(0, lines).mapToObj(i -> sent("line " + i)).toList());
        }

        private GenericRecord sent(String body) {
            GenericRecord event = new GenericData.Record(protocol.getType("AvroFlumeEvent"));
            event.put("headers", Map.of("host", "web-1"));
            event.put("body", ByteBuffer.wrap(ByteString.copyFromUtf8(body).toByteArray()));
            return event;
        }

        private String ask(String message, String name, Object value) {
            GenericRecord parameters = new GenericData.Record(
                    Objects.requireNonNull(protocol.getMessages().get(message)).getRequest());
            parameters.put(name, value);
            try {
                return requestor.request(message, parameters).toString();
            } catch (Exception e) {
                throw new AssertionError(message, e);
            }
        }

        @Override
        public void close() {
            connection.close();
        }
    }
}
