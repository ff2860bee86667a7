package io.tidegate.simulator.run;

import io.tidegate.mqtt.MqttTransport;
import io.tidegate.simulator.fleet.Publisher;
import io.tidegate.simulator.web.FileSink;
import io.tidegate.simulator.web.HttpSink;
import io.tidegate.simulator.web.LineSink;
import io.tidegate.simulator.web.MqttSink;
import io.tidegate.simulator.web.SpoolSink;
import io.tidegate.simulator.web.WebSettings;
import java.io.IOException;
import java.util.UUID;

/** Opens what the settings ask for. */
final class LineSinks {
    private LineSinks() {}

    /**
     * One sink, which whoever sends closes.
     *
     * @throws IOException when a file can't be opened
     */
    static LineSink open(SimulatorSettings settings) throws IOException {
        WebSettings web = settings.web();
        return switch (web.to()) {
            case MQTT ->
                new MqttSink(
                        Publisher.mqtt(MqttTransport.paho(), settings.mqtt(), "tidegate-weblog-" + UUID.randomUUID()),
                        web.host());
            case HTTP -> new HttpSink(web.url());
            case SPOOL -> new SpoolSink(web.spoolDir(), web.linesPerFile(), System.currentTimeMillis());
            case FILE -> new FileSink(web.file());
        };
    }
}
