package io.tidegate.gateway.weblog;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a combined line costs of one core: a program, not a test. Prints a line a round; the first rounds warm up.
 *
 * <pre>java -cp target/test-classes:target/classes:$(cat target/classpath.txt) io.tidegate.gateway.weblog.ParseBenchmark [access.log]</pre>
 */
final class ParseBenchmark {

    private static final int ROUNDS = 10;
    private static final int LINES_PER_ROUND = 2_000_000;

    private ParseBenchmark() {}

    public static void main(String[] args) throws Exception {
        byte[][] lines =
                lines(args).stream().map(line -> line.getBytes(ISO_8859_1)).toArray(byte[][]::new);
        AccessLog log = Lines.log();
        for (int round = 1; round <= ROUNDS; round++) {
            long checksum = 0;
            long damaged = 0;
            long begin = cpuNanos();
            for (int i = 0; i < LINES_PER_ROUND; i++) {
                byte[] line = lines[i % lines.length];
                try {
                    LogEntry entry = log.read(line, 0, line.length);
                    checksum +=
                            entry == null ? 1 : entry.timeUs() + entry.request().getStatus();
                } catch (DamagedLine e) {
                    damaged++;
                }
            }
            double nanos = (double) (cpuNanos() - begin) / LINES_PER_ROUND;
            System.out.printf(
                    Locale.ROOT,
                    "round %d: %.0f ns a line (%d damaged, checksum %x)%n",
                    round,
                    nanos,
                    damaged,
                    checksum);
        }
    }

    /** What this thread has computed, so that others on the machine do not count. */
    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static List<String> lines(String[] args) throws Exception {
        if (args.length > 0) {
            return Files.readAllLines(Path.of(args[0]), ISO_8859_1);
        }
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            lines.add(
                    "192.0.2." + i % 256 + " - - [17/May/2015:10:" + (10 + i % 50) + ":03 +0000] \"GET /presentations/"
                            + i % 700 + "/images/kibana-search.png HTTP/1.1\" 200 " + i
                            + " \"http://example.com/presentations/logstash/\" \"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_9_1)"
                            + " AppleWebKit/537.36 (KHTML, like Gecko) Chrome/32.0." + i % 500 + ".77 Safari/537.36\"");
        }
        return lines;
    }
}
