package io.tidegate.gateway.admission;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * What was known of a device when it was written to the log; its presence stands elsewhere.
 *
 * <pre>
 *   format u8 = 1 | through | last seen | number of metrics | for each: name, last readings, runs | CRC-32C u32
 * </pre>
 *
 * <p>Numbers are protobuf's varints, and those of a reading or run are differences to the one before where that is short.
 * A metric takes at most 11 KiB and its name, so a snapshot is bounded by the limit on the metrics of a device. The metrics
 * are the device's own objects: to be encoded before it changes again.
 *
 * @param through every event of the device below this offset of its key group is included
 * @param lastSeenMs when the device was heard of last
 * @param metrics what is remembered of each metric
 */
record DeviceSnapshot(long through, long lastSeenMs, Map<String, SeenReadings> metrics) {

    private static final byte FORMAT = 1;

    byte[] encoded() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        try {
            bytes.write(FORMAT);
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            out.writeUInt64NoTag(through);
            out.writeUInt64NoTag(lastSeenMs);
            out.writeUInt32NoTag(metrics.size());
            for (Map.Entry<String, SeenReadings> metric : metrics.entrySet()) {
                out.writeStringNoTag(metric.getKey());
                metric.getValue().write(out);
            }
            out.flush();
            bytes.write(checksum(bytes.toByteArray(), bytes.size()));
        } catch (IOException e) {
            throw new UncheckedIOException("memory refuses nothing", e);
        }
        return bytes.toByteArray();
    }

    /** @throws IOException when the bytes are damaged, or of a format that is not known */
    static DeviceSnapshot decode(byte[] bytes) throws IOException {
        int end = bytes.length - Integer.BYTES;
        if (end < 1 || bytes[0] != FORMAT) {
            throw new IOException("format " + (end < 1 ? "none" : bytes[0]) + " (expected: " + FORMAT + ")");
        }
        if (!ByteBuffer.wrap(bytes, end, Integer.BYTES).equals(ByteBuffer.wrap(checksum(bytes, end)))) {
            throw new IOException("the checksum does not fit");
        }
        CodedInputStream in = CodedInputStream.newInstance(bytes, 1, end - 1);
        long through = in.readUInt64();
        long lastSeenMs = in.readUInt64();
        int count = in.readUInt32();
        Map<String, SeenReadings> metrics = new HashMap<>();
        for (int i = 0; i < count; i++) {
            metrics.put(in.readString(), SeenReadings.read(in));
        }
        if (!in.isAtEnd()) {
            throw new IOException("bytes are left over");
        }
        return new DeviceSnapshot(through, lastSeenMs, metrics);
    }

    private static byte[] checksum(byte[] bytes, int end) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, end);
        return ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array();
    }
}
