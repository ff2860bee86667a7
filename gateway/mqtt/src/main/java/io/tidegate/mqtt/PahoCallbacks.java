package io.tidegate.mqtt;

import java.util.function.BiConsumer;
import java.util.function.ObjIntConsumer;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What Paho calls on its threads. Nothing may be thrown here: Paho would swallow it, or end its thread (P11). */
final class PahoCallbacks implements MqttCallback {

    private static final Logger LOG = LoggerFactory.getLogger(PahoCallbacks.class);

    private final BiConsumer<String, MqttMessage> received;
    private final ObjIntConsumer<String> gone;

    /**
     * Callbacks of one connection.
     *
     * @param received told the topic and the message of a delivery
     * @param gone told why the connection has ended, and with which reason code
     */
    PahoCallbacks(BiConsumer<String, MqttMessage> received, ObjIntConsumer<String> gone) {
        this.received = received;
        this.gone = gone;
    }

    @Override
    public void messageArrived(String topic, MqttMessage message) {
        try {
            received.accept(topic, message);
        } catch (Throwable e) {
            LOG.error("A delivery on {} could not be taken; it is not acknowledged", topic, e);
        }
    }

    @Override
    public void disconnected(MqttDisconnectResponse response) {
        try {
            MqttException cause = response.getException();
            int code = cause == null ? response.getReturnCode() : MqttListener.NO_REASON_CODE;
            gone.accept(cause == null ? ReasonCode.text(code) : PendingReply.reason(cause), code);
        } catch (Throwable e) {
            LOG.error("What depends on the end of a connection failed", e);
        }
    }

    @Override
    public void mqttErrorOccurred(MqttException exception) {
        LOG.debug("Paho: {}", exception.toString());
    }

    @Override
    public void deliveryComplete(IMqttToken token) {
        // The answer of each publish tells.
    }

    @Override
    public void connectComplete(boolean reconnect, String serverUri) {
        // The answer of the connect tells.
    }

    @Override
    public void authPacketArrived(int reasonCode, MqttProperties properties) {
        // Enhanced authentication is not used.
    }
}
