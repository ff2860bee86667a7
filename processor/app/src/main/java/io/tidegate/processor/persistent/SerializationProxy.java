package io.tidegate.processor.persistent;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The serialized form of an immutable value: the value names it in {@code writeReplace}, and reading gives the value back.
 * Externalizable, so Java serialization spends no reflection and no field descriptions on the objects inside; and the
 * value itself keeps final fields, which an Externalizable of its own could not.
 *
 * @param <T> the value; a subclass has a public constructor without arguments
 */
public abstract class SerializationProxy<T> implements Externalizable {

    private transient @Nullable T value;

    /** Takes the place of a value in what is written. */
    public final SerializationProxy<T> of(T written) {
        value = written;
        return this;
    }

    /** Writes the value. */
    protected abstract void write(T value, DataOutput out) throws IOException;

    /** Reads what {@link #write} wrote. */
    protected abstract T read(DataInput in) throws IOException;

    @Override
    public final void writeExternal(ObjectOutput out) throws IOException {
        write(Objects.requireNonNull(value), out);
    }

    @Override
    public final void readExternal(ObjectInput in) throws IOException {
        value = read(in);
    }

    /** The value itself takes this object's place. */
    protected final Object readResolve() {
        return Objects.requireNonNull(value);
    }
}
