package io.tidegate.simulator.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Instant;
import java.util.Arrays;

/**
 * Writes PUBLISH packets of QoS 1 with readings as docs/delivery.md has them: {@code sensors/{device}/temperature} with one
 * reading, or {@code sensors/{device}} with an array of them. The topic and the names are prepared; number, time and value
 * are written in. One thread.
 */
final class ReadingPackets {
    private static final int PUBLISH_QOS_1 = 0x32;
    private static final int MOST_DIGITS = 19;
    private static final byte[] VALUE = "{\"value\":".getBytes(US_ASCII);
    private static final byte[] TEMPERATURE = "{\"temperature\":".getBytes(US_ASCII);
    private static final byte[] TIME = ",\"time\":\"".getBytes(US_ASCII);
    private static final byte[] SEQ = "\",\"seq\":".getBytes(US_ASCII);

    private final int readingsAMessage;
    private final byte[][] topics;
    private final byte[] before;
    private final byte[] digits = new byte[MOST_DIGITS];
    private byte[] body = new byte[256];
    private int length;
    private long secondOfTime = Long.MIN_VALUE;
    private byte[] time = new byte[0];

    /** @param run the devices are {@code run-0}, {@code run-1}, … */
    ReadingPackets(String run, int devices, int readingsAMessage) {
        this.readingsAMessage = readingsAMessage;
        this.before = readingsAMessage == 1 ? VALUE : TEMPERATURE;
        this.topics = new byte[devices][];
        for (int i = 0; i < devices; i++) {
            topics[i] = ("sensors/" + run + "-" + i + (readingsAMessage == 1 ? "/temperature" : "")).getBytes(US_ASCII);
        }
    }

    /** The most bytes of a packet. */
    int mostBytes() {
        return 64 + topics[topics.length - 1].length + readingsAMessage * 96;
    }

    /**
     * Writes a packet; there must be {@link #mostBytes} of room.
     *
     * @param firstSeq of its readings; the others count up from it
     * @return where it ends
     */
    int write(byte[] to, int at, int device, int packetId, long firstSeq, long nowMs) {
        length = 0;
        fill(device, firstSeq, nowMs);
        byte[] topic = topics[device];
        int end = at;
        to[end++] = (byte) PUBLISH_QOS_1;
        int remaining = 2 + topic.length + 2 + length;
        while (remaining > 0x7F) {
            to[end++] = (byte) ((remaining & 0x7F) | 0x80);
            remaining >>>= 7;
        }
        to[end++] = (byte) remaining;
        to[end++] = (byte) (topic.length >>> 8);
        to[end++] = (byte) topic.length;
        System.arraycopy(topic, 0, to, end, topic.length);
        end += topic.length;
        to[end++] = (byte) (packetId >>> 8);
        to[end++] = (byte) packetId;
        System.arraycopy(body, 0, to, end, length);
        return end + length;
    }

    private void fill(int device, long firstSeq, long nowMs) {
        if (readingsAMessage == 1) {
            reading(device, firstSeq, nowMs);
            return;
        }
        for (int i = 0; i < readingsAMessage; i++) {
            put((byte) (i == 0 ? '[' : ','));
            reading(device, firstSeq + i, nowMs - readingsAMessage + 1 + i);
        }
        put((byte) ']');
    }

    private void reading(int device, long seq, long timeMs) {
        put(before);
        int hundredths = 1_000 + (int) ((seq * 7 + device) % 3_000); // 10.00 to 39.99
        number(hundredths / 100);
        put((byte) '.');
        put((byte) ('0' + hundredths / 10 % 10));
        put((byte) ('0' + hundredths % 10));
        put(TIME);
        time(timeMs);
        put(SEQ);
        number(seq);
        put((byte) '}');
    }

    /** {@code 2026-11-22T10:00:00.000Z}. */
    private void time(long ms) {
        long second = Math.floorDiv(ms, 1_000L);
        if (second != secondOfTime) {
            secondOfTime = second;
            String text = Instant.ofEpochSecond(second).toString();
            time = text.substring(0, text.length() - 1).getBytes(US_ASCII);
        }
        put(time);
        int rest = (int) Math.floorMod(ms, 1_000L);
        put((byte) '.');
        put((byte) ('0' + rest / 100));
        put((byte) ('0' + rest / 10 % 10));
        put((byte) ('0' + rest % 10));
        put((byte) 'Z');
    }

    private void number(long number) {
        int at = MOST_DIGITS;
        long rest = number;
        do {
            digits[--at] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest > 0);
        for (int i = at; i < MOST_DIGITS; i++) {
            put(digits[i]);
        }
    }

    private void put(byte[] bytes) {
        for (byte next : bytes) {
            put(next);
        }
    }

    private void put(byte next) {
        if (length == body.length) {
            body = Arrays.copyOf(body, 2 * length);
        }
        body[length++] = next;
    }
}
