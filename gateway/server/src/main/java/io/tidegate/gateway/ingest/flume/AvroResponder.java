package io.tidegate.gateway.ingest.flume;

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
import java.util.concurrent.Semaphore;
import org.apache.avro.Protocol;
import org.apache.avro.SystemLimitException;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.ipc.Transceiver;
import org.apache.avro.ipc.generic.GenericResponder;

/**
 * Answers {@code append} and {@code appendBatch} of one agent: OK when the batch is durable, else FAILED, on which an agent
 * drops its connection, waits some seconds and sends the same batch again. Blocks until it knows.
 */
final class AvroResponder extends GenericResponder {

    /** Events of a batch, headers of an event. */
    private static final int MOST_ITEMS = 50_000;

    /** What an event takes beside its bytes, roughly. */
    private static final long EVENT_BYTES = 400;

    /** Batches that are taken apart at a time, in the whole process: only then is it known how many events they have. */
    private static final Semaphore PARSING = new Semaphore(4);

    static {
        // Avro believes a length before it has the bytes. Without a limit a damaged one takes all the memory there is.
        String most = Integer.toString(FlumeSettings.MOST_BYTES);
        System.setProperty(SystemLimitException.MAX_BYTES_LENGTH_PROPERTY, most);
        System.setProperty(SystemLimitException.MAX_STRING_LENGTH_PROPERTY, most);
        System.setProperty(SystemLimitException.MAX_COLLECTION_LENGTH_PROPERTY, Integer.toString(MOST_ITEMS));
    }

    static final Protocol PROTOCOL = protocol();

    private final InetSocketAddress peer;
    private final BatchHandler batches;
    private final RequestMemory memory;
    private boolean parsing;

    AvroResponder(InetSocketAddress peer, BatchHandler batches, RequestMemory memory) {
        super(PROTOCOL);
        this.peer = peer;
        this.batches = batches;
        this.memory = memory;
    }

    @Override
    public List<ByteBuffer> respond(List<ByteBuffer> request, Transceiver connection) throws IOException {
        PARSING.acquireUninterruptibly();
        parsing = true;
        try {
            return super.respond(request, connection);
        } finally {
            parsed();
        }
    }

    private void parsed() {
        if (parsing) {
            parsing = false;
            PARSING.release();
        }
    }

    @Override
    public Object respond(Protocol.Message message, Object request) {
        GenericRecord parameters = (GenericRecord) request;
        List<FlumeEvent> events = message.getName().equals("append")
                ? List.of(event(parameters.get("event")))
                : ((Collection<?>) parameters.get("events"))
                        .stream().map(AvroResponder::event).toList();
        parsed();
        boolean room = memory.grow(EVENT_BYTES * events.size());
        boolean durable = events.isEmpty()
                || (room && batches.take(peer, events, memory::grow).join());
        return new GenericData.EnumSymbol(PROTOCOL.getType("Status"), durable ? "OK" : "FAILED");
    }

    private static FlumeEvent event(Object sent) {
        GenericRecord event = (GenericRecord) sent;
        Map<String, String> headers = new HashMap<>();
        ((Map<?, ?>) event.get("headers")).forEach((name, value) -> headers.put(name.toString(), value.toString()));
        return new FlumeEvent(headers, ByteString.copyFrom((ByteBuffer) event.get("body")));
    }

    private static Protocol protocol() {
        try (InputStream avpr = Objects.requireNonNull(AvroResponder.class.getResourceAsStream("flume.avpr"))) {
            return Protocol.parse(avpr);
        } catch (IOException e) {
            throw new UncheckedIOException("flume.avpr", e);
        }
    }
}
