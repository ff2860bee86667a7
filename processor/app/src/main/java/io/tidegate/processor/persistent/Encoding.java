package io.tidegate.processor.persistent;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The byte forms of texts, lists and maps. What a method writes, the one of the same name reads. */
public final class Encoding {

    private Encoding() {}

    /** Writes one value. */
    @FunctionalInterface
    public interface Writer<T> {
        /** Writes {@code value} to {@code out}. */
        void write(T value, DataOutput out) throws IOException;
    }

    /** Reads one value. */
    @FunctionalInterface
    public interface Reader<T> {
        /** Reads what the writer of the same kind wrote. */
        T read(DataInput in) throws IOException;
    }

    /** Writes a text of any length. */
    public static void writeText(DataOutput out, String text) throws IOException {
        byte[] utf8 = text.getBytes(UTF_8);
        out.writeInt(utf8.length);
        out.write(utf8);
    }

    /** Reads a text. */
    public static String readText(DataInput in) throws IOException {
        byte[] utf8 = new byte[in.readInt()];
        in.readFully(utf8);
        return new String(utf8, UTF_8);
    }

    /** {@link #writeText} as a {@link Writer}. */
    public static void text(String text, DataOutput out) throws IOException {
        writeText(out, text);
    }

    /** Writes an integer, as a {@link Writer}. */
    public static void integer(Integer value, DataOutput out) throws IOException {
        out.writeInt(value);
    }

    /** Writes a list. */
    public static <T> void writeList(DataOutput out, List<T> list, Writer<T> writer) throws IOException {
        out.writeInt(list.size());
        for (T item : list) {
            writer.write(item, out);
        }
    }

    /** Reads a list; it is unmodifiable. */
    public static <T> List<T> readList(DataInput in, Reader<T> reader) throws IOException {
        int size = in.readInt();
        List<T> list = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            list.add(reader.read(in));
        }
        return List.copyOf(list);
    }

    /** Writes a persistent map. */
    public static <K, V> void writeMap(DataOutput out, PersistentMap<K, V> map, Writer<K> key, Writer<V> value)
            throws IOException {
        writeEntries(out, map.asMap(), key, value);
    }

    /** Reads a persistent map. */
    public static <K, V> PersistentMap<K, V> readMap(DataInput in, Reader<K> key, Reader<V> value) throws IOException {
        return PersistentMap.of(readEntries(in, new HashMap<>(), key, value));
    }

    /** Writes a sorted map. */
    public static <K, V> void writeSorted(DataOutput out, SortedMap<K, V> map, Writer<K> key, Writer<V> value)
            throws IOException {
        writeEntries(out, map, key, value);
    }

    /** Reads a sorted map. */
    public static <K extends Comparable<K>, V> SortedMap<K, V> readSorted(DataInput in, Reader<K> key, Reader<V> value)
            throws IOException {
        return readEntries(in, new TreeMap<>(), key, value);
    }

    private static <K, V> void writeEntries(DataOutput out, Map<K, V> map, Writer<K> key, Writer<V> value)
            throws IOException {
        out.writeInt(map.size());
        for (Map.Entry<K, V> entry : map.entrySet()) {
            key.write(entry.getKey(), out);
            value.write(entry.getValue(), out);
        }
    }

    private static <K, V, M extends Map<K, V>> M readEntries(DataInput in, M map, Reader<K> key, Reader<V> value)
            throws IOException {
        int size = in.readInt();
        for (int i = 0; i < size; i++) {
            K k = key.read(in);
            map.put(k, value.read(in));
        }
        return map;
    }
}
