package io.tidegate.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;

/** An endpoint in Paho's words. */
final class ConnectOptions {

    private static final long NEVER_EXPIRES = 0xFFFF_FFFFL;

    private ConnectOptions() {}

    static MqttConnectionOptions of(MqttEndpoint endpoint) {
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setAutomaticReconnect(false);
        options.setCleanStart(endpoint.session().cleanStart());
        // Always set: absent means 0 on the wire (P6).
        options.setSessionExpiryInterval(seconds(endpoint.session().expiry()));
        options.setReceiveMaximum(endpoint.limits().receiveMaximum());
        options.setMaximumPacketSize((long) endpoint.limits().maxPacketBytes());
        options.setKeepAliveInterval((int) endpoint.timeouts().keepAlive().toSeconds());
        endpoint.credentials().user().ifPresent(options::setUserName);
        endpoint.credentials().password().ifPresent(password -> options.setPassword(password.getBytes(UTF_8)));
        endpoint.will().ifPresent(will -> {
            MqttMessage message = new MqttMessage(will.payload(), 1, will.retained(), new MqttProperties());
            options.setWill(will.topic(), message);
            MqttProperties properties = new MqttProperties();
            properties.setWillDelayInterval(seconds(will.delay()));
            options.setWillMessageProperties(properties);
        });
        return options;
    }

    private static long seconds(Duration duration) {
        return Math.min(NEVER_EXPIRES, duration.toSeconds());
    }
}
