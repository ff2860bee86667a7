package io.tidegate.processor.result;

import java.io.IOException;
import java.io.Serializable;

/**
 * A version of an answer. The same input gives the same results: equal ids, revisions and contents.
 * {@link ResultMessages#of} makes a message of it.
 */
public sealed interface Result extends Serializable
        permits SessionResult, TotalResult, WindowResult, CountResult, TopResult {

    /** What every result has. */
    ResultHeader header();

    /** The kind, as the level of the topic behind {@code tidegate/}. */
    String kind();

    /** What the versions of this answer have in common. */
    String id();

    /** Whether the topic keeps it. */
    boolean retained();

    /** Writes the fields that this kind has beyond the header's. */
    void writeFields(FieldWriter writer) throws IOException;

    /** Where it is published: one level per key column behind kind and query. */
    default String topic() {
        return "tidegate/" + kind() + "/" + header().path();
    }
}
