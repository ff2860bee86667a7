package io.tidegate.mqtt;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.internal.ClientState;
import org.eclipse.paho.mqttv5.client.internal.NetworkModule;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;

/** Paho with a socket and a keep-alive of our own, nothing on disk (P16), and quiet: what it would log, we tell. */
final class PahoClient extends MqttAsyncClient {

    private static final Logger PAHO = Logger.getLogger("org.eclipse.paho");

    static {
        PAHO.setLevel(Level.OFF);
    }

    private final Wire wire;

    PahoClient(MqttEndpoint endpoint, Wire wire) throws MqttException {
        super(wire.getServerURI(), endpoint.clientId(), new MemoryPersistence(), new Pings(), null);
        this.wire = wire;
    }

    /** Lets Paho's sender see that the connection has ended. */
    void wakeSender() {
        if (comms.getClientState() instanceof ClientState state) {
            state.notifyQueueLock();
        }
    }

    @Override
    protected NetworkModule[] createNetworkModules(String address, MqttConnectionOptions options) {
        return new NetworkModule[] {wire};
    }
}
