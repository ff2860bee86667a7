package io.tidegate.gateway.decode.accesslog;

import java.util.HexFormat;

/** Whether bytes spell an address: strictly, since a time such as {@code 13:00:01} has the signs of one, too. */
final class IpAddresses {

    private static final int GROUPS = 8;

    private IpAddresses() {}

    /** {@code 192.0.2.7}. */
    static boolean isIpv4(byte[] bytes, int from, int to) {
        int parts = 0;
        int at = from;
        while (at < to) {
            int begin = at;
            int number = 0;
            while (at < to && bytes[at] >= '0' && bytes[at] <= '9' && at - begin < 3) {
                number = number * 10 + bytes[at] - '0';
                at++;
            }
            parts++;
            if (at == begin || number > 255 || parts > 4) {
                return false;
            }
            if (at == to) {
                return parts == 4;
            }
            if (bytes[at] != '.') {
                return false;
            }
            at++;
        }
        return false;
    }

    /** {@code 2001:db8::1}, {@code ::ffff:192.0.2.7}, {@code fe80::1%eth0}. */
    static boolean isIpv6(byte[] bytes, int from, int to) {
        int end = from;
        while (end < to && bytes[end] != '%') {
            end++;
        }
        return (end == to || isZone(bytes, end + 1, to)) && areGroups(bytes, from, end);
    }

    private static boolean areGroups(byte[] bytes, int from, int end) {
        boolean gap = isGap(bytes, from, end);
        int at = gap ? from + 2 : from;
        int groups = 0;
        while (at < end) {
            int begin = at;
            while (at < end && HexFormat.isHexDigit(bytes[at])) {
                at++;
            }
            if (at < end && bytes[at] == '.') {
                return isIpv4(bytes, begin, end) && isComplete(groups + 2, gap);
            }
            groups++;
            if (at == begin || at - begin > 4) {
                return false;
            }
            if (at == end) {
                return isComplete(groups, gap);
            }
            boolean second = isGap(bytes, at, end);
            if (bytes[at] != ':' || (second && gap)) {
                return false;
            }
            gap |= second;
            at += second ? 2 : 1;
            if (at == end && !second) {
                return false;
            }
        }
        return isComplete(groups, gap);
    }

    private static boolean isComplete(int groups, boolean gap) {
        return gap ? groups < GROUPS : groups == GROUPS;
    }

    private static boolean isGap(byte[] bytes, int at, int end) {
        return at + 1 < end && bytes[at] == ':' && bytes[at + 1] == ':';
    }

    private static boolean isZone(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            boolean letter = (b | 0x20) >= 'a' && (b | 0x20) <= 'z';
            if (!letter && !(b >= '0' && b <= '9') && b != '.' && b != '-' && b != '_') {
                return false;
            }
        }
        return to > from;
    }
}
