package io.tidegate.spark.sink.mqtt;

import io.tidegate.spark.internal.FormatOptions;
import io.tidegate.spark.sink.internal.ColumnReader;
import io.tidegate.spark.sink.internal.RowMessages;
import io.tidegate.spark.sink.internal.SinkProvider;
import io.tidegate.spark.sink.internal.SinkTable;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * {@code writeStream().format("tidegate-mqtt")}: a structured stream to MQTT topics, at least once, and what comes twice
 * says the same under the same {@code id}. Options:
 *
 * <ul>
 *   <li>{@code broker}: {@code tcp://host:port} or {@code ssl://host:port}; {@code user}, {@code password}, {@code
 *       clientId}
 *   <li>{@code topic}: {@code results/{device}}, with columns in braces
 *   <li>{@code retained}: whether the broker keeps the last message of each topic. Default false.
 *   <li>{@code key}: columns with commas between them, which name a row within its batch. Without it a row is named by
 *       its content.
 *   <li>{@code query}: the {@code query} of the messages. Default: the id that it has in its checkpoint
 *   <li>{@code maxInFlight}: so many messages per executor wait for their acknowledgement at most. Default 1000.
 *   <li>{@code timeout}: so many seconds a message waits for its acknowledgement at most; then the batch fails. Default 120;
 *       0 waits for ever.
 *   <li>{@code qos}: 1. With 0 results would be lost when the broker goes away; with 2 it would keep those whose publisher
 *       does not come back for the second half of the exchange.
 * </ul>
 *
 * <p>A message is a JSON object: {@code query, id, rev, batch}, then the columns of the row. {@code batch} is the number of
 * the micro-batch, or the column of that name.
 */
public final class MqttSink extends SinkProvider {

    /** As Spark finds it. */
    public static final String NAME = "tidegate-mqtt";

    private static final List<String> KNOWN = List.of(
            "broker",
            "user",
            "password",
            "clientId",
            "topic",
            "retained",
            "key",
            "query",
            "maxInFlight",
            "qos",
            "timeout");
    private static final Set<String> OURS = Set.of("query", "id", "rev");
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final int MOST_IN_FLIGHT = 65_535;

    /** Made by Spark. */
    public MqttSink() {
        super(NAME);
    }

    @Override
    public SinkTable.Writes open(FormatOptions options) {
        options.requireKnown(KNOWN);
        if (options.number("qos", 0, 2, 1) != 1) {
            throw options.mistake("qos", options.required("qos"), "1, which every result needs to arrive");
        }
        MqttTarget target = new MqttTarget(
                broker(options),
                options.optional("clientId").orElse("tidegate-" + UUID.randomUUID()),
                options.optional("user").orElse(null),
                options.optional("password").orElse(null),
                options.number("maxInFlight", 1, MOST_IN_FLIGHT, 1_000));
        Duration patience = options.seconds("timeout", TIMEOUT);
        String topic = options.required("topic");
        boolean retained = options.flag("retained", false);
        List<String> key = options.names("key");
        Optional<String> name = options.optional("query");
        return (schema, query) -> {
            refuseOurs(schema);
            List<ColumnReader> keyColumns = key.stream()
                    .map(column -> ColumnReader.named(schema, column))
                    .toList();
            return new MqttWrite(
                    target,
                    patience,
                    TopicTemplate.of(topic, schema),
                    retained,
                    new RowMessages.Plan(name.orElse(query), schema, keyColumns));
        };
    }

    private static void refuseOurs(StructType schema) {
        for (StructField field : schema.fields()) {
            boolean batchOfAnotherType = field.name().equals("batch") && !(field.dataType() instanceof LongType);
            if (OURS.contains(field.name()) || batchOfAnotherType) {
                throw new IllegalArgumentException(NAME + ", column " + field.name()
                        + " (expected: another name, " + field.name() + " AS name: every message has a field "
                        + field.name()
                        + " of its own)");
            }
        }
    }

    private static URI broker(FormatOptions options) {
        String broker = options.required("broker");
        if (!broker.matches("(tcp|ssl)://[^\\s/:]+:\\d{1,5}|(tcp|ssl)://\\[[0-9a-fA-F:.]+]:\\d{1,5}")) {
            throw options.mistake("broker", broker, "tcp://host:port or ssl://host:port");
        }
        return URI.create(broker);
    }
}
