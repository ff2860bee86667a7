package io.tidegate.gateway.log;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A note that a source or a key group keeps in the log, durable in one commit with the events that it is about or in a
 * later one: how far a file has been read, what a request was answered, the snapshot of a device.
 *
 * @param key begins with the kind of note and the source, {@code spool/web/…}
 * @param value null: forget it
 */
@SuppressWarnings("ArrayRecordComponent") // compared by content below
public record StateUpdate(String key, byte @Nullable [] value) {

    @Override
    public boolean equals(Object other) {
        return other instanceof StateUpdate that && key.equals(that.key) && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return key.hashCode();
    }

    @Override
    public String toString() {
        return "StateUpdate[" + key + "]";
    }
}
