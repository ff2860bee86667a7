package io.tidegate.processor.result;

import io.tidegate.processor.query.Subject;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Takes the fields of a result, one after the other. */
public interface FieldWriter {

    /** Gives some fields. */
    @FunctionalInterface
    interface Fields {
        /** Gives them to {@code writer}. */
        void write(FieldWriter writer) throws IOException;
    }

    /** A text. */
    void text(String name, String value) throws IOException;

    /** A whole number. */
    void whole(String name, long value) throws IOException;

    /** A number, unless it is absent. */
    void number(String name, @Nullable Double value) throws IOException;

    /** A truth value. */
    void truth(String name, boolean value) throws IOException;

    /** A time, given in epoch milliseconds. */
    void time(String name, long epochMs) throws IOException;

    /**
     * The columns of {@code by}, unless there are none.
     *
     * @param key their canonical text
     */
    void key(Subject subject, String key) throws IOException;

    /** An object; without a name as an item of {@link #list}. */
    void object(@Nullable String name, Fields fields) throws IOException;

    /** A list; {@code items} gives objects without names. Without a name only where nothing surrounds it. */
    void list(@Nullable String name, Fields items) throws IOException;
}
