package io.tidegate.gateway.decode.accesslog;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tidegate.protocol.v1.Request;

/**
 * {@code GET /index.html?lang=en HTTP/1.1}. What clients send that is no HTTP (a TLS hello, {@code -}, nothing) leaves
 * method, path, query and protocol absent: that is the client's fault, not the log's.
 */
final class RequestLine {

    private static final int LONGEST_METHOD = 32;

    private RequestLine() {}

    static void read(byte[] bytes, int from, int to, Request.Builder request) {
        int method = method(bytes, from, to);
        if (method < 0) {
            return;
        }
        int target = method + 1;
        int last = to - 1;
        while (last > target && bytes[last] != ' ') {
            last--;
        }
        if (last > target && isProtocol(bytes, last + 1, to)) {
            request.setProtocol(text(bytes, last + 1, to));
        } else if (last > target && isDash(bytes, last + 1, to) && isPathOrDash(bytes, target, last)) {
            request.clearProtocol();
        } else if (target < to && bytes[target] == '/' && last == target) {
            // HTTP/0.9 names no protocol.
            last = to;
        } else {
            return;
        }
        if (!isDash(bytes, from, method)) {
            request.setMethod(text(bytes, from, method));
        }
        if (!isDash(bytes, target, last)) {
            target(bytes, target, last, request);
        }
    }

    /** How servers write a part that the client did not send. */
    private static boolean isDash(byte[] bytes, int from, int to) {
        return to - from == 1 && bytes[from] == '-';
    }

    private static boolean isPathOrDash(byte[] bytes, int from, int to) {
        return bytes[from] == '/' || isDash(bytes, from, to);
    }

    /** Path and query of a target in any of its forms; of an absolute one without scheme and authority. */
    static void target(byte[] bytes, int from, int to, Request.Builder request) {
        int query = from;
        while (query < to && bytes[query] != '?') {
            query++;
        }
        int path = Math.min(pathOf(bytes, from, to), query);
        request.setPath(path < query ? UriPath.of(bytes, path, query) : "/");
        if (query < to) {
            request.setQuery(LogText.of(bytes, query + 1, to));
        }
    }

    private static int pathOf(byte[] bytes, int from, int to) {
        int scheme = from;
        while (scheme < to && (bytes[scheme] | 0x20) >= 'a' && (bytes[scheme] | 0x20) <= 'z') {
            scheme++;
        }
        boolean absolute = scheme > from
                && scheme + 2 < to
                && bytes[scheme] == ':'
                && bytes[scheme + 1] == '/'
                && bytes[scheme + 2] == '/';
        int path = from;
        if (absolute) {
            path = scheme + 3;
            while (path < to && bytes[path] != '/') {
                path++;
            }
        }
        return path;
    }

    /** The end of the method, at the space behind it; -1: there is none. */
    private static int method(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && at - from <= LONGEST_METHOD && isToken(bytes[at])) {
            at++;
        }
        return at > from && at < to && bytes[at] == ' ' ? at : -1;
    }

    private static boolean isToken(byte b) {
        boolean letter = (b | 0x20) >= 'a' && (b | 0x20) <= 'z';
        return letter || (b >= '0' && b <= '9') || b == '-' || b == '_' || b == '.' || b == '!' || b == '$';
    }

    /** {@code HTTP/1.1}, {@code HTTP/2}. */
    static boolean isProtocol(byte[] bytes, int from, int to) {
        int length = to - from;
        boolean named = (length == 6 || length == 8)
                && bytes[from] == 'H'
                && bytes[from + 1] == 'T'
                && bytes[from + 2] == 'T'
                && bytes[from + 3] == 'P'
                && bytes[from + 4] == '/';
        return named
                && isDigit(bytes[from + 5])
                && (length == 6 || (bytes[from + 6] == '.' && isDigit(bytes[from + 7])));
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, ISO_8859_1);
    }
}
