package io.tidegate.gateway.decode.readings;

import io.tidegate.gateway.decode.Limits;
import io.tidegate.gateway.decode.MalformedInput;
import io.tidegate.gateway.decode.Reason;
import io.tidegate.gateway.decode.StrictUtf8;
import io.tidegate.protocol.v1.Reading;
import java.util.Locale;
import java.util.Set;

/** A value that stands alone: a number, a truth value, or a text. */
public final class ScalarPayload {

    private static final Set<String> NOT_FINITE = Set.of("nan", "inf", "infinity");

    /** The same limit as in JSON. */
    private static final int LONGEST_NUMBER = 64;

    private ScalarPayload() {}

    /** Sets value and text of the reading from what was sent. */
    public static void read(String payload, Reading.Builder reading) throws MalformedInput {
        String text = payload.strip();
        if (text.isEmpty()) {
            throw new MalformedInput(Reason.EMPTY_PAYLOAD, "payload: blank");
        }
        if (text.equals("true") || text.equals("false")) {
            truth(text.equals("true"), reading);
        } else if (isNumber(text)) {
            number(parsed(text), reading);
        } else if (NOT_FINITE.contains(unsigned(text).toLowerCase(Locale.ROOT))) {
            throw new MalformedInput(Reason.NOT_FINITE, "value: " + text);
        } else {
            text(payload, reading);
        }
    }

    static void truth(boolean value, Reading.Builder reading) {
        reading.setValue(value ? 1 : 0).setText(Boolean.toString(value));
    }

    static void number(double value, Reading.Builder reading) throws MalformedInput {
        if (!Double.isFinite(value)) {
            throw new MalformedInput(Reason.NOT_FINITE, "value: beyond what a double holds");
        }
        reading.setValue(value);
    }

    static void text(String text, Reading.Builder reading) throws MalformedInput {
        if (text.length() > Limits.TEXT_LENGTH) {
            throw new MalformedInput(
                    Reason.OVER_LIMIT,
                    "value: " + text.length() + " characters (expected: at most " + Limits.TEXT_LENGTH + ")");
        }
        reading.setText(StrictUtf8.kept("value", text));
    }

    private static double parsed(String number) throws MalformedInput {
        if (number.length() > LONGEST_NUMBER) {
            throw new MalformedInput(
                    Reason.OVER_LIMIT,
                    "value: a number of " + number.length() + " characters (expected: at most " + LONGEST_NUMBER + ")");
        }
        return Double.parseDouble(number);
    }

    private static String unsigned(String text) {
        return text.charAt(0) == '+' || text.charAt(0) == '-' ? text.substring(1) : text;
    }

    /** {@code [+-] digits [. digits] [e [+-] digits]}, with a digit before or after the point; nothing that Java adds. */
    private static boolean isNumber(String text) {
        String number = unsigned(text);
        int integer = digits(number, 0);
        int end = integer;
        if (end < number.length() && number.charAt(end) == '.') {
            end = digits(number, end + 1);
        }
        int mantissa = end - (end > integer ? 1 : 0);
        if (mantissa == 0) {
            return false;
        }
        return end == number.length() || isExponent(number, end);
    }

    private static boolean isExponent(String number, int at) {
        if (number.charAt(at) != 'e' && number.charAt(at) != 'E') {
            return false;
        }
        int start = at + 1;
        if (start < number.length() && (number.charAt(start) == '+' || number.charAt(start) == '-')) {
            start++;
        }
        return start < number.length() && digits(number, start) == number.length();
    }

    private static int digits(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at;
    }
}
