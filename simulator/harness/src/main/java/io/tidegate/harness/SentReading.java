package io.tidegate.harness;

/**
 * A reading that a {@link RecordingPublisher} made. Device, metric, seq and time tell it from every other.
 *
 * @param seq the device's number, from 1
 * @param timeMs the event's time, epoch milliseconds
 */
public record SentReading(String device, String metric, long seq, long timeMs, double value) {

    String topic() {
        return "sensors/" + device + "/" + metric;
    }

    String payload() {
        return "{\"value\":" + value + ",\"time\":" + timeMs + ",\"seq\":" + seq + "}";
    }
}
