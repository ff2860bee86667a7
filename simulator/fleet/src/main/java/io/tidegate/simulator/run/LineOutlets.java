package io.tidegate.simulator.run;

import io.tidegate.mqtt.MqttTransport;
import io.tidegate.simulator.fleet.Outlet;
import io.tidegate.simulator.web.FileOutlet;
import io.tidegate.simulator.web.HttpOutlet;
import io.tidegate.simulator.web.LineOutlet;
import io.tidegate.simulator.web.MqttLines;
import io.tidegate.simulator.web.SpoolOutlet;
import io.tidegate.simulator.web.WebSettings;
import java.io.IOException;
import java.util.UUID;

/** Opens what the settings ask for. */
final class LineOutlets {
    private LineOutlets() {}

    /**
     * One outlet, which whoever sends closes.
     *
     * @throws IOException when a file can't be opened
     */
    static LineOutlet open(SimulatorSettings settings) throws IOException {
        WebSettings web = settings.web();
        return switch (web.to()) {
            case MQTT ->
                new MqttLines(
                        Outlet.mqtt(MqttTransport.paho(), settings.mqtt(), "tidegate-weblog-" + UUID.randomUUID()),
                        web.host());
            case HTTP -> new HttpOutlet(web.url());
            case SPOOL -> new SpoolOutlet(web.spoolDir(), web.linesPerFile(), System.currentTimeMillis());
            case FILE -> new FileOutlet(web.file());
        };
    }
}
