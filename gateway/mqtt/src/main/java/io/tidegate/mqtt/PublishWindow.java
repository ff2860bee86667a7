package io.tidegate.mqtt;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Publishes under way, at most as many as the broker takes (P13); more wait in their order. Only the caller bounds how many
 * wait. Thread-safe.
 */
final class PublishWindow {

    private static final Duration LATER = Duration.ofMillis(10);

    /** Hands a publish to the client; its end must call {@link #ended}. */
    interface Sender {
        /** Whether it was taken; if not, it is tried again later. */
        boolean send(Publish publish);
    }

    @SuppressWarnings("ArrayRecordComponent") // nobody compares publishes
    record Publish(String topic, byte[] payload, boolean retained, PendingReply answer) {}

    private final Sender sender;
    private final Deque<Publish> waiting = new ArrayDeque<>();
    private int room;
    private boolean draining;

    PublishWindow(Sender sender) {
        this.sender = sender;
    }

    /** Sets how many may be under way, when the broker has said so. */
    synchronized void open(int size) {
        room = size;
        drain();
    }

    synchronized void add(Publish publish) {
        waiting.add(publish);
        drain();
    }

    synchronized void ended() {
        room++;
        drain();
    }

    /** Drops what waits. */
    synchronized void close() {
        room = 0;
        waiting.clear();
    }

    private synchronized void drain() {
        if (draining) {
            return;
        }
        draining = true;
        while (room > 0 && !waiting.isEmpty()) {
            Publish next = waiting.remove();
            room--;
            if (!sender.send(next)) {
                room++;
                waiting.addFirst(next);
                Threads.later(LATER, this::drain);
                break;
            }
        }
        draining = false;
    }
}
