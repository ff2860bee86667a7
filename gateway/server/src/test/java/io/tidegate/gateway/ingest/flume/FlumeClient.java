package io.tidegate.gateway.ingest.flume;

import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.compression.ZlibCodecFactory;
import io.netty.handler.codec.compression.ZlibWrapper;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.apache.avro.Protocol;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.ipc.Callback;
import org.apache.avro.ipc.generic.GenericRequestor;
import org.apache.avro.ipc.netty.NettyTransceiver;

/** An agent's end of the wire, through Avro's own client. A real agent: {@code FlumeAgentTest} in simulator/chain. */
public final class FlumeClient implements AutoCloseable {

    private static final int TIMEOUT_MS = 60_000;

    private final Protocol protocol;
    private final NettyTransceiver connection;
    private final GenericRequestor requestor;

    private FlumeClient(int port, Consumer<SocketChannel> prepare) throws IOException {
        try (InputStream avpr = Objects.requireNonNull(AvroServer.class.getResourceAsStream("flume.avpr"))) {
            protocol = Protocol.parse(avpr);
        }
        connection = new NettyTransceiver(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MS, prepare, bootstrap -> {});
        requestor = new GenericRequestor(protocol, connection);
        try {
            // Avro's client shakes hands with its first request, and waits for its answer whoever asks.
            appendBatch(Map.of(), List.of());
        } catch (IOException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** Connects. */
    public static FlumeClient connect(int port) throws IOException {
        return new FlumeClient(port, channel -> {});
    }

    static FlumeClient deflating(int port) throws IOException {
        return new FlumeClient(port, channel -> {
            channel.pipeline().addLast(ZlibCodecFactory.newZlibEncoder(ZlibWrapper.ZLIB));
            channel.pipeline().addLast(ZlibCodecFactory.newZlibDecoder(ZlibWrapper.ZLIB, 0));
        });
    }

    static FlumeClient trusting(Path certificate, int port) throws IOException {
        return new FlumeClient(port, channel -> {
            try {
                channel.pipeline()
                        .addLast(SslContextBuilder.forClient()
                                .trustManager(certificate.toFile())
                                .build()
                                .newHandler(channel.alloc(), "localhost", port));
            } catch (SSLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    String append(String body) throws IOException {
        return ask("append", "event", sent(Map.of(), body)).join();
    }

    /** Sends lines, each with these headers. @return OK or FAILED */
    public String appendBatch(Map<String, String> headers, List<String> bodies) throws IOException {
        return startBatch(headers, bodies).join();
    }

    CompletableFuture<String> startBatch(Map<String, String> headers, List<String> bodies) throws IOException {
        return ask(
                "appendBatch",
                "events",
                bodies.stream().map(body -> sent(headers, body)).toList());
    }

    private GenericRecord sent(Map<String, String> headers, String body) {
        GenericRecord event = new GenericData.Record(protocol.getType("AvroFlumeEvent"));
        event.put("headers", headers);
        event.put("body", ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)));
        return event;
    }

    private CompletableFuture<String> ask(String message, String name, Object value) throws IOException {
        GenericRecord parameters = new GenericData.Record(
                Objects.requireNonNull(protocol.getMessages().get(message)).getRequest());
        parameters.put(name, value);
        CompletableFuture<String> answer = new CompletableFuture<>();
        try {
            requestor.request(message, parameters, new Callback<Object>() {
                @Override
                public void handleResult(Object status) {
                    answer.complete(status.toString());
                }

                @Override
                public void handleError(Throwable error) {
                    answer.completeExceptionally(error);
                }
            });
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
        return answer;
    }

    @Override
    public void close() {
        connection.close();
    }
}
