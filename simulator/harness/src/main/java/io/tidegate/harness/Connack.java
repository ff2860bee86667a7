package io.tidegate.harness;

import java.io.DataOutputStream;
import java.io.IOException;
import java.util.stream.Stream;

/** The body of the CONNACK that is sent; a property below 0 is left out. Settings may change between packets. */
final class Connack implements WireFormat.Body {
    volatile int reasonCode;
    volatile boolean sessionPresent;
    volatile int receiveMaximum = -1;
    volatile int topicAliasMaximum = -1;
    volatile int maximumPacket = -1;

    boolean isRefusal() {
        return reasonCode >= 0x80;
    }

    @Override
    public void write(DataOutputStream out) throws IOException {
        out.writeByte(reasonCode == 0 && sessionPresent ? 1 : 0);
        out.writeByte(reasonCode);
        long shorts =
                Stream.of(receiveMaximum, topicAliasMaximum).filter(m -> m >= 0).count();
        out.writeByte((int) (3 * shorts + (maximumPacket >= 0 ? 5 : 0)));
        if (receiveMaximum >= 0) {
            out.writeByte(WireFormat.RECEIVE_MAXIMUM);
            out.writeShort(receiveMaximum);
        }
        if (topicAliasMaximum >= 0) {
            out.writeByte(WireFormat.TOPIC_ALIAS_MAXIMUM);
            out.writeShort(topicAliasMaximum);
        }
        if (maximumPacket >= 0) {
            out.writeByte(WireFormat.MAXIMUM_PACKET);
            out.writeInt(maximumPacket);
        }
    }
}
