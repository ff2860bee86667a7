package io.tidegate.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A listener that remembers. */
class Heard implements MqttListener {

    final List<MqttDelivery> deliveries = new CopyOnWriteArrayList<>();
    final List<String> losses = new CopyOnWriteArrayList<>();
    final List<Integer> codes = new CopyOnWriteArrayList<>();

    @Override
    public void received(MqttConnection connection, MqttDelivery delivery) {
        deliveries.add(delivery);
    }

    @Override
    public void lost(String reason, int reasonCode) {
        losses.add(reason);
        codes.add(reasonCode);
    }

    List<String> payloads() {
        return deliveries.stream().map(d -> new String(d.payload(), UTF_8)).toList();
    }
}
