package io.tidegate.gateway.decode.accesslog;

/**
 * Times as logs write them, read by their places, in microseconds since the epoch. Every field must be in its range; a
 * leap second counts as the second after it.
 */
final class LogTime {

    /** No time stands there. */
    static final long NONE = Long.MIN_VALUE;
    /** Characters of {@code 17/May/2015:10:05:03 +0000}. */
    static final int CLF_LENGTH = 26;

    private static final long MICROS = 1_000_000;
    private static final int[] DAYS = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    private LogTime() {}

    /** {@code 17/May/2015:10:05:03 +0000}, which begins at {@code at} and fits; {@link #NONE}: it is none. */
    static long clf(byte[] b, int at) {
        boolean framed = b[at + 2] == '/'
                && b[at + 6] == '/'
                && b[at + 11] == ':'
                && b[at + 14] == ':'
                && b[at + 17] == ':'
                && b[at + 20] == ' ';
        if (!framed) {
            return NONE;
        }
        long day = day(number(b, at + 7, 4), month(b, at + 3), number(b, at, 2));
        long time = time(number(b, at + 12, 2), number(b, at + 15, 2), number(b, at + 18, 2));
        long zone = zone(b, at + 21, number(b, at + 22, 2), number(b, at + 24, 2));
        return day == NONE || time == NONE || zone == NONE ? NONE : (day * 86_400 + time - zone) * MICROS;
    }

    /** {@code 2015-05-17T10:05:03.123+00:00}, with a fraction or not, and with {@code Z} or an offset. */
    static long iso(byte[] b, int from, int to) {
        boolean framed = to - from >= 20 && b[from + 10] == 'T';
        long day = framed ? date(b, from) : NONE;
        long time = framed ? timeOfDay(b, from + 11) : NONE;
        if (day == NONE || time == NONE) {
            return NONE;
        }
        int at = from + 19;
        long fraction = 0;
        if (b[at] == '.') {
            int end = digits(b, at + 1, to);
            fraction = fraction(b, at + 1, end);
            at = end;
        }
        long zone = isoZone(b, at, to);
        return fraction < 0 || zone == NONE ? NONE : (day * 86_400 + time - zone) * MICROS + fraction;
    }

    /** Days since the epoch of {@code 2015-05-17}, which fits. */
    static long date(byte[] b, int at) {
        boolean framed = b[at + 4] == '-' && b[at + 7] == '-';
        return framed ? day(number(b, at, 4), number(b, at + 5, 2), number(b, at + 8, 2)) : NONE;
    }

    /** Seconds of the day of {@code 10:05:03}, which fits. */
    static long timeOfDay(byte[] b, int at) {
        boolean framed = b[at + 2] == ':' && b[at + 5] == ':';
        return framed ? time(number(b, at, 2), number(b, at + 3, 2), number(b, at + 6, 2)) : NONE;
    }

    private static long isoZone(byte[] b, int at, int to) {
        if (to - at == 1 && b[at] == 'Z') {
            return 0;
        }
        if (to - at == 6 && b[at + 3] == ':') {
            return zone(b, at, number(b, at + 1, 2), number(b, at + 4, 2));
        }
        return to - at == 5 ? zone(b, at, number(b, at + 1, 2), number(b, at + 3, 2)) : NONE;
    }

    /** Microseconds of the digits behind a point; negative: there are none. */
    private static long fraction(byte[] b, int from, int end) {
        long micros = end > from ? 0 : -1;
        for (int i = 0; i < 6 && end > from; i++) {
            micros = micros * 10 + (from + i < end ? b[from + i] - '0' : 0);
        }
        return micros;
    }

    private static int digits(byte[] b, int from, int to) {
        int at = from;
        while (at < to && b[at] >= '0' && b[at] <= '9') {
            at++;
        }
        return at;
    }

    private static long zone(byte[] b, int sign, int hours, int minutes) {
        boolean possible = hours >= 0 && hours <= 18 && minutes >= 0 && minutes < 60;
        if (!possible || (b[sign] != '+' && b[sign] != '-')) {
            return NONE;
        }
        int seconds = hours * 3600 + minutes * 60;
        return b[sign] == '-' ? -seconds : seconds;
    }

    private static long time(int hour, int minute, int second) {
        boolean possible = hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second <= 60;
        return possible ? hour * 3600L + minute * 60L + second : NONE;
    }

    /** Days since the epoch; the calendar in whole eras of 400 years that begin in March. */
    private static long day(int year, int month, int day) {
        if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) {
            return NONE;
        }
        long y = month <= 2 ? year - 1 : year;
        long era = y / 400;
        long yearOfEra = y % 400;
        long dayOfYear = (153L * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468;
    }

    private static int daysOf(int year, int month) {
        boolean leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        return month == 2 && leap ? 29 : DAYS[month - 1];
    }

    /** 1 to 12; 0: it is none. */
    private static int month(byte[] b, int at) {
        return switch (b[at] << 16 | b[at + 1] << 8 | b[at + 2]) {
            case 'J' << 16 | 'a' << 8 | 'n' -> 1;
            case 'F' << 16 | 'e' << 8 | 'b' -> 2;
            case 'M' << 16 | 'a' << 8 | 'r' -> 3;
            case 'A' << 16 | 'p' << 8 | 'r' -> 4;
            case 'M' << 16 | 'a' << 8 | 'y' -> 5;
            case 'J' << 16 | 'u' << 8 | 'n' -> 6;
            case 'J' << 16 | 'u' << 8 | 'l' -> 7;
            case 'A' << 16 | 'u' << 8 | 'g' -> 8;
            case 'S' << 16 | 'e' << 8 | 'p' -> 9;
            case 'O' << 16 | 'c' << 8 | 't' -> 10;
            case 'N' << 16 | 'o' << 8 | 'v' -> 11;
            case 'D' << 16 | 'e' << 8 | 'c' -> 12;
            default -> 0;
        };
    }

    /** So many digits; negative: something else is among them. */
    private static int number(byte[] b, int at, int digits) {
        int number = 0;
        for (int i = at; i < at + digits; i++) {
            int digit = b[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }
}
