package io.tidegate.processor;

import io.tidegate.processor.job.JobSettings;
import io.tidegate.processor.query.Query;
import io.tidegate.processor.query.QueryReader;
import io.tidegate.processor.sink.SinkReader;
import io.tidegate.processor.sink.Sinks;
import io.tidegate.settings.InvalidSettings;
import io.tidegate.settings.Section;
import io.tidegate.settings.Settings;
import io.tidegate.spark.GatewayOptions;
import io.tidegate.spark.mqtt.MqttTarget;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What {@code tidegate.processor} says; reference.conf explains every key.
 *
 * @param gateway host:port
 * @param checkpointDir where the state lives
 */
public record ProcessorSettings(
        String id,
        String gateway,
        String group,
        Duration batchInterval,
        Path checkpointDir,
        int partitions,
        Duration stopTimeout,
        Receiver receiver,
        Sinks sinks,
        InetSocketAddress http,
        List<Query> queries) {

    private static final String ROOT = "tidegate.processor";
    private static final Duration SHORTEST_BATCH = Duration.ofMillis(50);
    private static final Duration DAY = Duration.ofDays(1);

    /** Keeps its own copy. */
    public ProcessorSettings {
        queries = List.copyOf(queries);
    }

    /** What the receiver may hold. */
    public record Receiver(long maxEvents, long maxBytes, Duration blockInterval, int minRate) {}

    /**
     * Reads them.
     *
     * @throws InvalidSettings with every mistake
     */
    public static ProcessorSettings from(Settings settings) throws InvalidSettings {
        ProcessorSettings read = from(settings.section());
        settings.finish();
        return read;
    }

    /** The broker for results and for the status. */
    MqttTarget mqtt() {
        return sinks.broker();
    }

    /** What of it the job needs. */
    JobSettings jobSettings() {
        GatewayOptions door = GatewayOptions.of(group)
                .withCredit(receiver.maxEvents(), receiver.maxBytes())
                .withBlockInterval(receiver.blockInterval());
        return new JobSettings(batchInterval, door, sinks, stopTimeout);
    }

    /** The root of the processor's settings. */
    public static String root() {
        return ROOT;
    }

    private static ProcessorSettings from(Section section) {
        Duration batch = section.duration("batch-interval", SHORTEST_BATCH, Duration.ofHours(1));
        List<Query> queries = QueryReader.read(section, batch);
        return new ProcessorSettings(
                level(section, "id"),
                gateway(section),
                level(section, "group"),
                batch,
                checkpointDir(section),
                section.integer("partitions", 1, 1024),
                section.duration("stop-timeout", Duration.ofSeconds(1), DAY),
                receiver(section.child("receiver")),
                SinkReader.read(section, queries, mqtt(section.child("mqtt"))),
                http(section.child("http")),
                queries);
    }

    private static String level(Section section, String key) {
        String name = section.string(key);
        if (!name.matches("[A-Za-z0-9_.~-]{1,64}")) {
            section.mistake(key, "1 to 64 of A-Z a-z 0-9 _ . ~ -");
        }
        return name;
    }

    private static String gateway(Section section) {
        List<String> gateways = section.strings("gateways");
        if (gateways.size() != 1) {
            section.mistake("gateways", "one host:port (several gateways are not there yet)");
        }
        String gateway = gateways.isEmpty() ? "" : gateways.get(0);
        if (!gateway.matches("[^\\s/:]+:\\d{1,5}|\\[[0-9a-fA-F:.]+]:\\d{1,5}")) {
            section.mistake("gateways", "host:port");
        }
        return gateway;
    }

    private static Path checkpointDir(Section section) {
        String folder = section.string("checkpoint-dir");
        if (folder.isBlank()) {
            section.mistake("checkpoint-dir", "a folder: sessions, totals, windows and the ledger keep state");
        }
        return Path.of(folder);
    }

    private static Receiver receiver(Section section) {
        return new Receiver(
                section.integer("max-events", 1, Integer.MAX_VALUE),
                section.bytes("max-bytes", 1 << 16, 1L << 40),
                section.duration("block-interval", Duration.ofMillis(10), DAY),
                section.integer("min-rate", 2, Integer.MAX_VALUE));
    }

    private static MqttTarget mqtt(Section section) {
        return new MqttTarget(
                        broker(section),
                        section.string("client-id"),
                        null,
                        null,
                        section.integer("max-in-flight", 1, 65_535))
                .withCredentials(section.optionalString("user"), section.optionalString("password"));
    }

    private static URI broker(Section section) {
        String text = section.string("broker");
        if (text.matches("(tcp|ssl)://[^\\s/:]+:\\d{1,5}|(tcp|ssl)://\\[[0-9a-fA-F:.]+]:\\d{1,5}")) {
            return URI.create(text);
        }
        section.mistake("broker", "tcp://host:port or ssl://host:port");
        return URI.create("tcp://localhost:1883");
    }

    private static InetSocketAddress http(Section section) {
        return new InetSocketAddress(section.string("host"), section.integer("port", 0, 65_535));
    }
}
