package io.tidegate.harness;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** The body of the CONNACK that is sent. Settings may change between packets. */
final class Connack implements WireFormat.Body {
    volatile int reasonCode;
    volatile boolean sessionPresent;
    /** Numeric properties by their identifier. */
    final Map<Integer, Integer> properties = new ConcurrentSkipListMap<>();

    boolean isRefusal() {
        return reasonCode >= 0x80;
    }

    @Override
    public void write(DataOutputStream out) throws IOException {
        out.writeByte(reasonCode == 0 && sessionPresent ? 1 : 0);
        out.writeByte(reasonCode);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream written = new DataOutputStream(bytes);
        for (Map.Entry<Integer, Integer> property : properties.entrySet()) {
            written.writeByte(property.getKey());
            if (property.getKey() == WireFormat.MAXIMUM_PACKET) {
                written.writeInt(property.getValue());
            } else {
                written.writeShort(property.getValue());
            }
        }
        out.writeByte(bytes.size());
        bytes.writeTo(out);
    }
}
