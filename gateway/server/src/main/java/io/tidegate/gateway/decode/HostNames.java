package io.tidegate.gateway.decode;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;

/**
 * Names of hosts that a sender gives for all lines of a message. Each event of the message repeats the name, so it is as
 * short as a host name of DNS.
 */
public final class HostNames {

    /** The longest name, in bytes of UTF-8. */
    public static final int LONGEST = 253;

    private HostNames() {}

    /** What is wrong with a name; empty: it can be kept. */
    public static Optional<String> flaw(String host) {
        if (host.length() > LONGEST || host.getBytes(UTF_8).length > LONGEST) {
            return Optional.of("host: " + host.length() + " characters (expected: at most " + LONGEST + " bytes)");
        }
        boolean printable = host.chars().noneMatch(c -> Character.isISOControl(c) || Character.isWhitespace(c))
                && UTF_8.newEncoder().canEncode(host);
        return printable ? Optional.empty() : Optional.of("host: a blank or a control character (expected: a name)");
    }
}
