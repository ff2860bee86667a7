package io.tidegate.mqtt;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttPingSender;
import org.eclipse.paho.mqttv5.client.internal.ClientComms;
import org.eclipse.paho.mqttv5.client.internal.ClientState;
import org.eclipse.paho.mqttv5.client.internal.NetworkModule;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;

/**
 * Paho with a socket of our own, no keep-alive ({@link KeepAlive} is in its place), nothing on disk (P16), and quiet: what it
 * would log, we tell.
 */
final class PahoClient extends MqttAsyncClient {

    private static final Logger PAHO = Logger.getLogger("org.eclipse.paho");

    static {
        PAHO.setLevel(Level.OFF);
    }

    private final MqttSocket socket;

    PahoClient(MqttEndpoint endpoint, MqttSocket socket) throws MqttException {
        super(socket.getServerURI(), endpoint.clientId(), new MemoryPersistence(), new NoPings(), null);
        this.socket = socket;
    }

    /** Lets Paho's sender see that the connection has ended. */
    void wakeSender() {
        if (comms.getClientState() instanceof ClientState state) {
            state.notifyQueueLock();
        }
    }

    @Override
    protected NetworkModule[] createNetworkModules(String address, MqttConnectionOptions options) {
        return new NetworkModule[] {socket};
    }

    private static final class NoPings implements MqttPingSender {
        @Override
        public void init(ClientComms comms) {
            // Nothing is sent.
        }

        @Override
        public void start() {
            // Nothing is sent.
        }

        @Override
        public void schedule(long delayInMilliseconds) {
            // Nothing is sent.
        }

        @Override
        public void stop() {
            // Nothing is sent.
        }
    }
}
