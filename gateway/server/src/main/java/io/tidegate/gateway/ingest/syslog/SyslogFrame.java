package io.tidegate.gateway.ingest.syslog;

import com.google.protobuf.ByteString;

/** What a socket gave: a message, or what came instead of one. */
sealed interface SyslogFrame {

    /** A message, whole; what is in it nobody has looked at. */
    record Message(ByteString bytes) implements SyslogFrame {}

    /**
     * A message that is too long.
     *
     * @param head its first bytes
     */
    record TooLong(ByteString head, long length, int most) implements SyslogFrame {}

    /**
     * No message.
     *
     * @param why for people
     */
    record Broken(ByteString bytes, String why) implements SyslogFrame {}
}
