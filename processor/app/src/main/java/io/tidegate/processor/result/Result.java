package io.tidegate.processor.result;

import java.io.IOException;
import java.io.Serializable;

/**
 * A version of an answer. The same input gives the same results: equal ids, revisions and contents.
 * {@link ResultMessage#of} makes a message of it.
 */
public sealed interface Result extends Serializable
        permits SessionResult, TotalResult, WindowResult, CountResult, TopResult, AnomalyResult {

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

    /** Writes all fields, those of the header first. */
    default void write(FieldWriter writer) throws IOException {
        ResultHeader header = header();
        writer.text("query", header.subject().query());
        writer.text("id", id());
        writer.whole("rev", header.rev());
        writer.whole("batch", header.batch());
        writer.key(header.subject(), header.key());
        writeFields(writer);
    }

    /** Where it is published: one level per key column behind kind and query. */
    default String topic() {
        return "tidegate/" + kind() + "/" + header().path();
    }
}
