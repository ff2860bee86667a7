package io.tidegate.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How many lines a second a spool directory makes durable: run by hand, by no build, and asserts nothing. A whole gateway
 * with its log in a temporary folder; prints a line a round, from when the first file is moved in until the last line is on
 * disk. The first rounds warm up.
 *
 * <pre>./mvnw test -pl gateway/server -am -Dtest=SpoolBenchmark -Dsurefire.failIfNoSpecifiedTests=false
 * cat gateway/server/target/surefire-reports/*SpoolBenchmark-output.txt</pre>
 */
class SpoolBenchmark {

    private static final int ROUNDS = 6;
    private static final int FILES = 40;
    private static final int LINES = 10_000;

    @Test
    void measure(@TempDir Path folder) throws Exception {
        Path spool = Files.createDirectory(folder.resolve("in"));
        String settings = """
                key-groups = 8
                sources = [{ name = access, kind = spool, dir = "%s", settle = 0s, poll = 20ms, done = delete }]
                """.formatted(spool);
        try (RunningGateway gateway = RunningGateway.start(folder, new FakeBroker(), settings)) {
            long logged = logged(gateway);
            for (int round = 1; round <= ROUNDS; round++) {
                for (int file = 0; file < FILES; file++) {
                    Files.write(spool.resolve("." + file), text(round, file));
                }
                long begin = System.nanoTime();
                for (int file = 0; file < FILES; file++) {
                    Files.move(spool.resolve("." + file), spool.resolve(round + "-" + file + ".log"));
                }
                logged += FILES * LINES;
                while (logged(gateway) < logged) {
                    Thread.sleep(5);
                }
                double seconds = (System.nanoTime() - begin) / 1e9;
                System.out.printf(
                        Locale.ROOT,
                        "round %d: %d lines in %.2f s, %.0f lines/s%n",
                        round,
                        FILES * LINES,
                        seconds,
                        FILES * LINES / seconds);
            }
        }
    }

    /** Combined lines of about 190 bytes, of many clients and paths. */
    private static byte[] text(int round, int file) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < LINES; i++) {
            int n = file * LINES + i;
            text.append("198.51.")
                    .append(n / 250 % 100)
                    .append('.')
                    .append(n % 250)
                    .append(" - - [23/Nov/2026:07:40:02 +0000] \"GET /shop/")
                    .append(n % 5_000)
                    .append("?round=")
                    .append(round)
                    .append(" HTTP/1.1\" 200 5316 \"https://www.example.org/\" \"Mozilla/5.0 (X11; Linux x86_64)"
                            + " AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36\"\n");
        }
        return text.toString().getBytes(ISO_8859_1);
    }

    private static long logged(RunningGateway gateway) throws Exception {
        JsonNode sources =
                new ObjectMapper().readTree(gateway.get("/ledger").body()).get("sources");
        return sources.isEmpty() ? 0 : sources.get(0).get("logged").longValue();
    }
}
