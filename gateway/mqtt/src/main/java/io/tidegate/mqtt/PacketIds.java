package io.tidegate.mqtt;

/**
 * A queue of packet ids (two bytes each, MQTT 5 section 2.2.1), in a ring that grows to what it has to hold and is given up
 * when it is empty. Not thread-safe.
 */
final class PacketIds {
    private static final int FIRST_CAPACITY = 1 << 10;

    private char[] ring = new char[FIRST_CAPACITY];
    private int head;
    private int size;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    void add(int id) {
        if (size == ring.length) {
            grow();
        }
        ring[head + size & ring.length - 1] = (char) id;
        size++;
    }

    /** The oldest; there must be one. */
    int remove() {
        int id = ring[head];
        head = head + 1 & ring.length - 1;
        size--;
        if (size == 0 && ring.length > FIRST_CAPACITY) {
            clear();
        }
        return id;
    }

    void clear() {
        ring = new char[FIRST_CAPACITY];
        head = 0;
        size = 0;
    }

    private void grow() {
        char[] larger = new char[2 * ring.length];
        System.arraycopy(ring, head, larger, 0, ring.length - head);
        System.arraycopy(ring, 0, larger, ring.length - head, head);
        ring = larger;
        head = 0;
    }
}
