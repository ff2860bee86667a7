package io.tidegate.processor.key;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The values of a query's {@code by} columns as one canonical text: a JSON array, in the order of the columns, without
 * spaces: {@code ["d1","temperature"]}; {@code []} without {@code by}. Equal values have equal texts. Pure: any thread.
 */
public final class KeyCodec {

    /** The key of a query without {@code by}. */
    public static final String NONE = "[]";

    /** No canonical text of an event's key may have more characters: each is in every message about it. */
    public static final int MAX_CHARACTERS = 65_536;

    /** No event may count under more keys than this. */
    public static final int MAX_KEYS = 10_000;

    private static final JsonFactory JSON = new JsonFactory();

    private KeyCodec() {}

    /**
     * The canonical text.
     *
     * @param values strings, numbers, booleans, nulls; anything else counts as its {@code toString}, and so do NaN and
     *     the infinities
     */
    public static String encode(List<? extends @Nullable Object> values) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(text)) {
            out.writeStartArray();
            for (Object value : values) {
                write(out, value);
            }
            out.writeEndArray();
        } catch (IOException e) {
            throw new UncheckedIOException("a text in memory can be written", e);
        }
        return text.toString();
    }

    private static void write(JsonGenerator out, @Nullable Object value) throws IOException {
        if (value == null) {
            out.writeNull();
        } else if (value instanceof Boolean truth) {
            out.writeBoolean(truth);
        } else if (value instanceof Long
                || value instanceof Integer
                || value instanceof Short
                || value instanceof Byte) {
            out.writeNumber(((Number) value).longValue());
        } else if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
            out.writeNumber(number instanceof BigDecimal exact ? exact.toPlainString() : number.toString());
        } else {
            out.writeString(value.toString());
        }
    }

    /**
     * The values of a canonical text.
     *
     * Numbers come back exactly: two texts that differ never give equal values.
     *
     * @return {@link String}, {@link Long} or, beyond its range, {@link BigInteger}, {@link Double} or, where that would
     *     be written differently, {@link BigDecimal}, {@link Boolean} or null
     * @throws IllegalArgumentException when it is no text of {@link #encode}
     */
    public static List<@Nullable Object> decode(String text) {
        List<@Nullable Object> strings = plainStrings(text);
        return strings != null ? strings : decodeJson(text);
    }

    /** The values when all are strings without escapes, as in most keys: this costs no JSON. Otherwise null. */
    private static @Nullable List<@Nullable Object> plainStrings(String text) {
        int last = text.length() - 2;
        if (last < 2 || !text.startsWith("[\"") || !text.endsWith("\"]") || text.indexOf('\\') >= 0) {
            return null;
        }
        List<@Nullable Object> strings = new ArrayList<>();
        for (int from = 2; from <= last; ) {
            int quote = text.indexOf('"', from);
            strings.add(text.substring(from, quote));
            if (quote < last && !text.startsWith("\",\"", quote)) {
                return null;
            }
            from = quote + 3;
        }
        return Collections.unmodifiableList(strings);
    }

    private static List<@Nullable Object> decodeJson(String text) {
        List<@Nullable Object> values = new ArrayList<>();
        try (JsonParser in = JSON.createParser(text)) {
            if (in.nextToken() != JsonToken.START_ARRAY) {
                throw new IllegalArgumentException("key: " + text + " (expected: a JSON array)");
            }
            while (in.nextToken() != JsonToken.END_ARRAY) {
                values.add(value(in));
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("key: " + text + " (expected: a JSON array)", e);
        }
        return Collections.unmodifiableList(values);
    }

    private static @Nullable Object value(JsonParser in) throws IOException {
        return switch (in.currentToken()) {
            case VALUE_STRING -> in.getText();
            case VALUE_NUMBER_INT -> whole(in);
            case VALUE_NUMBER_FLOAT -> fraction(in.getText());
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default ->
                throw new IllegalArgumentException(
                        "key: contains " + in.currentToken() + " (expected: strings, numbers, booleans, nulls)");
        };
    }

    private static Number whole(JsonParser in) throws IOException {
        return in.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                ? (Number) in.getBigIntegerValue()
                : (Number) in.getLongValue();
    }

    private static Number fraction(String text) {
        Double number = Double.valueOf(text);
        return number.toString().equals(text) ? number : (Number) new BigDecimal(text);
    }

    /** One value of {@link #decode} as a person would write it, without loss; null is {@code "null"}. */
    public static String text(@Nullable Object value) {
        return value instanceof BigDecimal exact ? exact.toPlainString() : String.valueOf(value);
    }

    /**
     * Orders canonical texts by their values, column by column: nulls, then booleans, then numbers by size, then strings.
     * Zero only for equal texts.
     */
    public static int compare(String one, String other) {
        int first = compareFirstStrings(one, other);
        return first != 0 ? first : compareDecoded(one, other);
    }

    /**
     * The order of two keys that differ in their first value, when both of these are strings without escapes before the
     * difference. Most keys are, and this costs no JSON. Otherwise 0.
     */
    private static int compareFirstStrings(String one, String other) {
        if (!one.startsWith("[\"") || !other.startsWith("[\"")) {
            return 0;
        }
        for (int i = 2; ; i++) {
            char left = one.charAt(i);
            char right = other.charAt(i);
            if (left == '\\' || right == '\\' || (left == '"' && right == '"')) {
                return 0;
            }
            if (left != right) {
                return left == '"' ? -1 : right == '"' ? 1 : Character.compare(left, right);
            }
        }
    }

    private static int compareDecoded(String one, String other) {
        List<@Nullable Object> left = decode(one);
        List<@Nullable Object> right = decode(other);
        for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
            int order = compareValues(left.get(i), right.get(i));
            if (order != 0) {
                return order;
            }
        }
        return one.compareTo(other);
    }

    private static int compareValues(@Nullable Object one, @Nullable Object other) {
        int kinds = Integer.compare(kind(one), kind(other));
        if (kinds != 0 || one == null || other == null) {
            return kinds;
        }
        if (one instanceof Long a && other instanceof Long b) {
            return Long.compare(a, b);
        }
        if (one instanceof Number a && other instanceof Number b) {
            return exact(a).compareTo(exact(b));
        }
        return one.toString().compareTo(other.toString());
    }

    private static BigDecimal exact(Number number) {
        return number instanceof BigDecimal exact ? exact : new BigDecimal(number.toString());
    }

    private static int kind(@Nullable Object value) {
        if (value == null) {
            return 0;
        }
        return value instanceof Boolean ? 1 : value instanceof Number ? 2 : 3;
    }
}
