package io.tidegate.gateway;

import io.tidegate.gateway.ingest.files.SpoolSettings;
import io.tidegate.gateway.ingest.files.TailSettings;
import io.tidegate.gateway.ingest.flume.FlumeSettings;
import io.tidegate.gateway.ingest.http.HttpIngestSettings;
import io.tidegate.gateway.ingest.mqtt.MqttSourceSettings;
import io.tidegate.gateway.ingest.syslog.SyslogSettings;
import io.tidegate.settings.Section;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Where events come from, by kind: what stands in {@code tidegate.gateway.sources}. HTTP is not among them. */
record SourcesSettings(
        List<MqttSourceSettings> mqtt,
        List<SpoolSettings> spool,
        List<TailSettings> tail,
        List<SyslogSettings> syslog) {

    /** Sources that are there without being named. */
    private static final Set<String> PUSHED = Set.of(HttpIngestSettings.SOURCE, FlumeSettings.SOURCE);

    private static final String NAME = "[a-z0-9][a-z0-9-]{0,62}";

    /** What an element's {@code kind} says; without one it is the first. */
    enum Kind {
        MQTT,
        SPOOL,
        TAIL,
        SYSLOG
    }

    /** Keeps its own copies. */
    SourcesSettings {
        mqtt = List.copyOf(mqtt);
        spool = List.copyOf(spool);
        tail = List.copyOf(tail);
        syslog = List.copyOf(syslog);
    }

    /**
     * Reads the sources, and what those of one kind have in common.
     *
     * @param gateway the gateway's id, part of the default client ids
     */
    static SourcesSettings from(Section root, String gateway) {
        Section mqtt = root.child("mqtt");
        Section spool = root.child("spool");
        Section tail = root.child("tail");
        Section syslog = root.child("syslog");
        SpoolSettings.check(spool);
        TailSettings.check(tail);
        SyslogSettings.check(syslog);
        List<MqttSourceSettings> brokers = new ArrayList<>();
        List<SpoolSettings> folders = new ArrayList<>();
        List<TailSettings> logs = new ArrayList<>();
        List<SyslogSettings> ports = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Section source : root.children("sources")) {
            String name = name(source, names);
            switch (source.has("kind") ? source.choice("kind", Kind.class) : Kind.MQTT) {
                case MQTT ->
                    MqttSourceSettings.from(name, source, mqtt, gateway).ifPresent(brokers::add);
                case SPOOL -> folders.add(SpoolSettings.from(name, source, spool));
                case TAIL -> logs.add(TailSettings.from(name, source, tail));
                case SYSLOG -> ports.add(SyslogSettings.from(name, source, syslog));
            }
        }
        return new SourcesSettings(brokers, folders, logs, ports);
    }

    private static String name(Section source, Set<String> names) {
        String name = source.string("name");
        if (!name.matches(NAME)) {
            source.mistake("name", "lower-case letters, digits and dashes, at most 63");
        } else if (PUSHED.contains(name) || !names.add(name)) {
            source.mistake("name", "a name that no other source has (http and flume are what is pushed to us)");
        }
        return name;
    }

    /** All names, each once. */
    List<String> names() {
        return Stream.of(
                        mqtt.stream().map(MqttSourceSettings::name),
                        spool.stream().map(SpoolSettings::name),
                        tail.stream().map(TailSettings::name),
                        syslog.stream().map(SyslogSettings::name))
                .flatMap(names -> names)
                .toList();
    }
}
