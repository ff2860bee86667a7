package io.tidegate.spark;

import io.tidegate.protocol.v1.Event;

/** Takes the events of a {@link Slice} one by one, on the caller's thread. */
@FunctionalInterface
public interface EventVisitor {

    /** Called once per event, offsets ascending by one. */
    void visit(long offset, Event event);
}
