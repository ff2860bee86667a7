package io.tidegate.gateway.ingest.syslog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Datagrams for a port that the kernel has dropped because nobody read them in time. Linux tells; others do not. */
final class KernelDrops {

    private static final List<Path> TABLES = List.of(Path.of("/proc/net/udp"), Path.of("/proc/net/udp6"));

    private KernelDrops() {}

    /** How many, since the socket was opened; 0 where nobody tells. */
    static long of(int port) {
        long drops = 0;
        for (Path table : TABLES) {
            drops += of(table, port);
        }
        return drops;
    }

    private static long of(Path table, int port) {
        try (Stream<String> sockets = Files.lines(table)) {
            return sockets.mapToLong(line -> drops(line, port)).sum();
        } catch (IOException notLinux) {
            return 0;
        }
    }

    /** {@code sl local_address rem_address …  drops}; the local address is hexadecimal, its port behind a colon. */
    static long drops(String line, int port) {
        String[] columns = line.trim().split("\\s+", -1);
        String end = String.format(Locale.ROOT, ":%04X", port);
        return columns.length > 2 && columns[1].endsWith(end) ? Long.parseLong(columns[columns.length - 1]) : 0;
    }
}
