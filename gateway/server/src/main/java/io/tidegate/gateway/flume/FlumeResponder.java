package io.tidegate.gateway.flume;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.avro.Protocol;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.ipc.generic.GenericResponder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers {@code append} and {@code appendBatch}: OK after the fsync. On FAILED an agent drops its connection, waits some
 * seconds and sends the same batch again.
 */
final class FlumeResponder extends GenericResponder {

    private static final Logger log = LoggerFactory.getLogger(FlumeResponder.class);
    private static final Protocol PROTOCOL = protocol();

    private final FlumeBatches batches;
    private final Duration patience;

    /** @param patience how long a batch may take before it is told to have failed */
    FlumeResponder(FlumeBatches batches, Duration patience) {
        super(PROTOCOL);
        this.batches = batches;
        this.patience = patience;
    }

    @Override
    public Object respond(Protocol.Message message, Object request) {
        GenericRecord parameters = (GenericRecord) request;
        List<FlumeEvent> events = message.getName().equals("append")
                ? List.of(event(parameters.get("event")))
                : ((Collection<?>) parameters.get("events"))
                        .stream().map(FlumeResponder::event).toList();
        return new GenericData.EnumSymbol(PROTOCOL.getType("Status"), isDurable(events) ? "OK" : "FAILED");
    }

    private boolean isDurable(List<FlumeEvent> events) {
        if (events.isEmpty()) {
            return true;
        }
        try {
            return batches.take(events).toCompletableFuture().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            log.warn("a batch of {} events is refused, the agent will send it again: {}", events.size(), e.toString());
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
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
