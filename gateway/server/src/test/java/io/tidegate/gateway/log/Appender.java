package io.tidegate.gateway.log;

import static io.tidegate.gateway.log.LogFixture.NOW_MS;
import static io.tidegate.gateway.log.LogFixture.chunk;
import static io.tidegate.gateway.log.LogFixture.write;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/**
 * A process that appends until it is killed, with the least buffers, so that files are rolled, compacted and trimmed all
 * the time. Prints a line behind each commit: what it promises.
 */
final class Appender {

    private static final String GROUP = "app";
    private static final int EVENTS = 200;

    private Appender() {}

    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, UTF_8);
        try (LogStore store = LogFixture.openSmall(Path.of(arguments[0]))) {
            if (store.groups().isEmpty()) {
                store.registerGroup(GROUP);
            }
            for (int i = 0; ; i++) {
                int keyGroup = i % store.keyGroups();
                long first = store.tail(keyGroup).next();
                write(store, chunk(keyGroup, first, EVENTS, NOW_MS));
                out.println(keyGroup + " " + (first + EVENTS));
                if (i % 8 == 7) {
                    trim(store);
                }
            }
        }
    }

    /** Everything but the last few chunks of each key group. */
    private static void trim(LogStore store) {
        List<Long> committed = List.of(
                Math.max(store.oldest(0), store.tail(0).next() - 10L * EVENTS),
                Math.max(store.oldest(1), store.tail(1).next() - 10L * EVENTS));
        store.saveGroup(new GroupCursors(GROUP, "r", 1, committed, committed), false);
        store.expire(NOW_MS + 1);
    }
}
