package io.tidegate.gateway.decode.accesslog;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.jspecify.annotations.Nullable;

/**
 * An address or a host name with a port or without, as logs name clients and virtual hosts: {@code 192.0.2.7:4711},
 * {@code [2001:db8::1]:443}, {@code fe80::1%12}, {@code www.example.com}. A name that could be a number or a time is none.
 *
 * @param host without brackets and port
 * @param isAddress whether it is an address rather than a name
 * @param hasPort whether a port followed
 */
record Authority(String host, boolean isAddress, boolean hasPort) {

    /** What nginx calls a client that came by a Unix socket. */
    private static final String UNIX = "unix:";

    private static final int LONGEST_PORT = 5;

    /** Reads all of these bytes; null: they are none. */
    static @Nullable Authority of(byte[] bytes, int from, int to) {
        if (from < to && bytes[from] == '[') {
            return bracketed(bytes, from, to);
        }
        int colon = indexOf(bytes, ':', from, to);
        if (colon < to && indexOf(bytes, ':', colon + 1, to) < to) {
            return IpAddresses.isIpv6(bytes, from, to) ? new Authority(text(bytes, from, to), true, false) : null;
        }
        if (colon < to && !isPort(bytes, colon + 1, to)) {
            return null;
        }
        boolean address = IpAddresses.isIpv4(bytes, from, colon);
        return address || isName(bytes, from, colon)
                ? new Authority(text(bytes, from, colon), address, colon < to)
                : null;
    }

    private static @Nullable Authority bracketed(byte[] bytes, int from, int to) {
        int bracket = indexOf(bytes, ']', from, to);
        boolean whole = bracket + 1 == to;
        boolean port = bracket + 1 < to && bytes[bracket + 1] == ':' && isPort(bytes, bracket + 2, to);
        return (whole || port) && IpAddresses.isIpv6(bytes, from + 1, bracket)
                ? new Authority(text(bytes, from + 1, bracket), true, port)
                : null;
    }

    /**
     * Whether it can only be meant as a host: an address, a name of more than one label, {@code localhost}, or any name
     * with its port. A single word may as well be the level, the stream or the month of something that was put in front.
     */
    boolean isUnmistakable() {
        return isAddress || hasPort || host.indexOf('.') > 0 || host.equals("localhost");
    }

    /**
     * The client that a column names, without its port. Of a list, as X-Forwarded-For is one, the first address counts.
     *
     * @return null: nobody is named
     */
    static @Nullable String client(byte[] value) {
        int end = value.length;
        Authority one = of(value, 0, end);
        if (one != null) {
            return one.host();
        }
        int from = 0;
        while (indexOf(value, ',', 0, end) < end && from < end) {
            int comma = indexOf(value, ',', from, end);
            Authority entry = of(value, behindSpace(value, from, comma), comma);
            if (entry != null && entry.isAddress()) {
                return entry.host();
            }
            from = comma + 1;
        }
        return text(value, 0, end).equals(UNIX) ? UNIX : null;
    }

    /** The same in a column that is for addresses: a single word in it is something else that slipped there. */
    static @Nullable String address(byte[] value) {
        Authority one = of(value, 0, value.length);
        return one == null || one.isUnmistakable() ? client(value) : null;
    }

    /** The virtual host that a column names, without its port; whatever it is else, as it stands. */
    static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        boolean ipv6 = colon > 0 && host.indexOf(':') < colon && host.charAt(colon - 1) != ']';
        boolean port = colon > 0 && !ipv6 && host.chars().skip(colon + 1).allMatch(c -> c >= '0' && c <= '9');
        return port ? host.substring(0, colon) : host;
    }

    private static int behindSpace(byte[] bytes, int from, int to) {
        int at = from;
        // IIS writes a plus for a space.
        while (at < to && (bytes[at] == ' ' || bytes[at] == '+')) {
            at++;
        }
        return at;
    }

    /** Labels of letters, digits, - and _ between points; the last one holds a letter. */
    private static boolean isName(byte[] bytes, int from, int to) {
        int end = to > from && bytes[to - 1] == '.' ? to - 1 : to;
        boolean letter = false;
        boolean label = false;
        for (int i = from; i < end; i++) {
            byte b = bytes[i];
            if (b == '.') {
                if (!label) {
                    return false;
                }
                label = false;
                letter = false;
                continue;
            }
            boolean isLetter = (b | 0x20) >= 'a' && (b | 0x20) <= 'z';
            boolean first = i == from && b == '-';
            if (first || !(isLetter || (b >= '0' && b <= '9') || b == '-' || b == '_')) {
                return false;
            }
            letter |= isLetter;
            label = true;
        }
        return label && letter;
    }

    private static boolean isPort(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] < '0' || bytes[i] > '9') {
                return false;
            }
        }
        return to > from && to - from <= LONGEST_PORT;
    }

    private static int indexOf(byte[] bytes, char c, int from, int to) {
        int at = from;
        while (at < to && bytes[at] != c) {
            at++;
        }
        return at;
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, ISO_8859_1);
    }
}
