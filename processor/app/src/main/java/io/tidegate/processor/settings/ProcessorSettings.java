package io.tidegate.processor.settings;

import io.tidegate.processor.dstream.JobSettings;
import io.tidegate.processor.query.Engine;
import io.tidegate.processor.query.Query;
import io.tidegate.processor.sink.ReplayNamespace;
import io.tidegate.processor.sink.Sinks;
import io.tidegate.processor.structured.KeyedQuery;
import io.tidegate.processor.structured.StructuredQuery;
import io.tidegate.settings.InvalidSettings;
import io.tidegate.settings.Section;
import io.tidegate.settings.Settings;
import io.tidegate.spark.dstream.GatewayOptions;
import io.tidegate.spark.sink.mqtt.MqttTarget;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What {@code tidegate.processor} says; reference.conf explains every key.
 *
 * @param gateway host:port
 * @param checkpointDir where the state lives
 * @param queries those of DStreams
 * @param structured those of Structured Streaming: in SQL, and sessions that say so
 * @param replay where the results of a replay go
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
        List<Query> queries,
        List<StructuredQuery> structured,
        ReplayNamespace replay) {

    private static final String ROOT = "tidegate.processor";
    private static final Duration SHORTEST_BATCH = Duration.ofMillis(50);
    private static final Duration DAY = Duration.ofDays(1);

    /** Keeps its own copies. */
    public ProcessorSettings {
        queries = List.copyOf(queries);
        structured = List.copyOf(structured);
    }

    /** What the receiver may hold. */
    public record Receiver(long maxEvents, long maxBytes, Duration blockInterval) {}

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

    /** The names of all queries, in the order of the configuration of each kind. */
    public List<String> names() {
        return Stream.concat(
                        queries.stream().map(Query::name), structured.stream().map(StructuredQuery::name))
                .toList();
    }

    /** The same with some of the queries only. */
    public ProcessorSettings only(Set<String> names) {
        return with(
                sinks.only(names),
                queries.stream().filter(query -> names.contains(query.name())).toList(),
                structured.stream()
                        .filter(query -> names.contains(query.name()))
                        .toList());
    }

    /**
     * The same with the results where those of a replay go.
     *
     * @throws IllegalArgumentException when that makes the name of a table too long
     */
    public ProcessorSettings forReplay() {
        return with(
                replay.sinks(sinks),
                queries,
                structured.stream().map(query -> query.forReplay(replay)).toList());
    }

    private ProcessorSettings with(Sinks sinks, List<Query> queries, List<StructuredQuery> structured) {
        return new ProcessorSettings(
                id,
                gateway,
                group,
                batchInterval,
                checkpointDir,
                partitions,
                stopTimeout,
                receiver,
                sinks,
                http,
                queries,
                structured,
                replay);
    }

    /** The broker for results and for the status. */
    public MqttTarget mqtt() {
        return sinks.broker();
    }

    /** What of it the job needs. */
    public JobSettings jobSettings() {
        GatewayOptions door = GatewayOptions.of(group)
                .withCredit(receiver.maxEvents(), receiver.maxBytes())
                .withBlockInterval(receiver.blockInterval());
        return new JobSettings(batchInterval, door, sinks);
    }

    /** The root of the processor's settings. */
    public static String root() {
        return ROOT;
    }

    private static ProcessorSettings from(Section section) {
        Duration batch = section.duration("batch-interval", SHORTEST_BATCH, Duration.ofHours(1));
        Sections sections = Sections.of(section.children("queries"));
        List<Query> queries =
                QueryReader.read(sections.others(), batch, section.integer("max-keys", 1, Integer.MAX_VALUE));
        MqttTarget broker = mqtt(section.child("mqtt"));
        SinkReader sinks = new SinkReader(section);
        SqlQueryReader sql = new SqlQueryReader(section, sinks, broker);
        requireNames(section);
        return new ProcessorSettings(
                level(section, "id"),
                gateway(section),
                level(section, "group"),
                batch,
                checkpointDir(section),
                section.integer("partitions", 1, 1024),
                section.duration("stop-timeout", Duration.ofSeconds(1), DAY),
                receiver(section.child("receiver")),
                sinks.sinks(sections.others(), queries, broker),
                http(section.child("http")),
                sections.onDStreams(queries),
                sections.onStructured(queries, sql),
                new ReplayNamespace(replayName(section.child("replay"))));
    }

    /**
     * The queries, by how they are read and run.
     *
     * @param others those that are not in SQL
     */
    private record Sections(List<Section> inSql, List<Section> others) {

        static Sections of(List<Section> queries) {
            Map<Boolean, List<Section>> sections = queries.stream()
                    .collect(Collectors.partitioningBy(
                            query -> query.optionalString("kind").equals(Optional.of("sql"))));
            return new Sections(
                    Objects.requireNonNull(sections.get(true)), Objects.requireNonNull(sections.get(false)));
        }

        /** Of the queries that are not in SQL, those for DStreams. */
        List<Query> onDStreams(List<Query> queries) {
            return IntStream.range(0, queries.size())
                    .filter(i -> !Engine.isStructured(others.get(i)))
                    .mapToObj(queries::get)
                    .toList();
        }

        /** Those in SQL, and of the others the rest. */
        List<StructuredQuery> onStructured(List<Query> queries, SqlQueryReader sql) {
            List<StructuredQuery> structured = new ArrayList<>();
            inSql.forEach(section -> structured.add(sql.read(section)));
            for (int i = 0; i < queries.size(); i++) {
                if (Engine.isStructured(others.get(i))) {
                    structured.add(new KeyedQuery(queries.get(i), sql.pace(others.get(i))));
                }
            }
            return structured;
        }
    }

    private static String replayName(Section section) {
        String name = section.string("name");
        if (!name.matches("[a-z0-9][a-z0-9_-]{0,19}")) {
            section.mistake("name", "1 to 20 of a-z 0-9 _ -, a letter or digit first");
        }
        return name;
    }

    private static void requireNames(Section processor) {
        List<Section> queries = processor.children("queries");
        if (queries.isEmpty()) {
            processor.mistake("queries", "at least one query");
        }
        Set<String> names = new HashSet<>();
        for (Section query : queries) {
            if (!names.add(query.optionalString("name").orElse(query.path()))) {
                query.mistake("name", "a name that no other query has");
            }
        }
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
                section.duration("block-interval", Duration.ofMillis(10), DAY));
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
