package io.tidegate.gateway.flume;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.Protocol;
import org.apache.avro.SystemLimitException;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.ipc.generic.GenericResponder;

/**
 * Answers {@code append} and {@code appendBatch} of one agent: OK when the batch is durable, else FAILED, on which an agent
 * drops its connection, waits some seconds and sends the same batch again. Blocks until it knows.
 */
final class FlumeResponder extends GenericResponder {

    /** Events of a batch, headers of an event. */
    private static final int MOST_ITEMS = 1_000_000;

    static {
        // Avro believes a length before it has the bytes. Without a limit a damaged one takes all the memory there is.
        String most = Integer.toString(FlumeSettings.MOST_BYTES);
        System.setProperty(SystemLimitException.MAX_BYTES_LENGTH_PROPERTY, most);
        System.setProperty(SystemLimitException.MAX_STRING_LENGTH_PROPERTY, most);
        System.setProperty(SystemLimitException.MAX_COLLECTION_LENGTH_PROPERTY, Integer.toString(MOST_ITEMS));
    }

    static final Protocol PROTOCOL = protocol();

    private final InetSocketAddress peer;
    private final FlumeBatches batches;

    FlumeResponder(InetSocketAddress peer, FlumeBatches batches) {
        super(PROTOCOL);
        this.peer = peer;
        this.batches = batches;
    }

    @Override
    public Object respond(Protocol.Message message, Object request) {
        GenericRecord parameters = (GenericRecord) request;
        List<FlumeEvent> events = message.getName().equals("append")
                ? List.of(event(parameters.get("event")))
                : ((Collection<?>) parameters.get("events"))
                        .stream().map(FlumeResponder::event).toList();
        boolean durable = events.isEmpty() || batches.take(peer, events).join();
        return new GenericData.EnumSymbol(PROTOCOL.getType("Status"), durable ? "OK" : "FAILED");
    }

    private static FlumeEvent event(Object sent) {
        GenericRecord event = (GenericRecord) sent;
        Map<String, String> headers = new HashMap<>();
        ((Map<?, ?>) event.get("headers")).forEach((name, value) -> headers.put(name.toString(), value.toString()));
        return new FlumeEvent(headers, ByteString.copyFrom((ByteBuffer) event.get("body")));
    }

    private static Protocol protocol() {
        try (InputStream avpr = Objects.requireNonNull(FlumeResponder.class.getResourceAsStream("flume.avpr"))) {
            return Protocol.parse(avpr);
        } catch (IOException e) {
            throw new UncheckedIOException("flume.avpr", e);
        }
    }
}
