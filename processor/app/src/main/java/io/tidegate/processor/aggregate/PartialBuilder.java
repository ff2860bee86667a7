package io.tidegate.processor.aggregate;

import java.util.Map;

/**
 * Reduces the events of one frame or partition, for one query, to a partial per state group. Mutable, for one task and
 * one thread; what it builds does not depend on the order of the additions.
 */
public interface PartialBuilder {

    /**
     * Adds an event under a key; under each of its keys when it has several.
     *
     * @param byKey canonical text ({@link io.tidegate.processor.key.KeyCodec#encode})
     */
    void add(String byKey, InputEvent event);

    /** What was added, by state group in ascending order; groups without events are absent. Call it once, at the end. */
    Map<Integer, Partial> build();
}
