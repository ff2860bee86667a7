package io.tidegate.gateway.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.junit.Seed;
import io.tidegate.junit.SlowTest;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;

/**
 * R5 of the fault catalogue: kill -9 while write-ahead logs and tables are rolled, compacted and trimmed, again and again
 * on one log. {@code -Dtidegate.kills=200} kills more often.
 */
class RollAndTrimKillTest {

    private static final int KILLS = Integer.getInteger("tidegate.kills", 30);
    private static final int MOST_COMMITS = 300;

    @SlowTest(seconds = 60)
    void no_gap_no_cursor_before_the_first_offset_and_everything_promised_is_there(@TempDir Path folder)
            throws Exception {
        Random random = Seed.of("roll and trim kill").random();
        long[] promised = new long[2];
        long slowestMs = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            appendUntilKilled(folder, 1 + random.nextInt(MOST_COMMITS), promised);

            long begin = System.nanoTime();
            try (LogStore store = LogFixture.openSmall(folder)) {
                slowestMs = Math.max(slowestMs, (System.nanoTime() - begin) / 1_000_000);
                for (int keyGroup = 0; keyGroup < 2; keyGroup++) {
                    check(store, keyGroup, promised[keyGroup]);
                }
            }
        }
        assertThat(promised[0]).as("the runs were long enough to roll").isGreaterThan(2_000);
        // How fast it is, is for whoever reads it.
        System.out.println("roll and trim kill: " + KILLS + " kills, slowest recovery " + slowestMs + " ms");
    }

    private static void check(LogStore store, int keyGroup, long promised) {
        long oldest = store.oldest(keyGroup);
        long end = store.tail(keyGroup).next();
        assertThat(end).as("key group %s", keyGroup).isGreaterThanOrEqualTo(promised);
        assertThat(LogFixture.values(store, keyGroup))
                .isEqualTo(LongStream.range(oldest, end)
                        .mapToObj(offset -> (double) offset)
                        .toList());
        store.groups()
                .values()
                .forEach(group -> assertThat(group.committed().get(keyGroup)).isBetween(oldest, end));
    }

    private static void appendUntilKilled(Path folder, int commits, long[] promised) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Appender.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            for (int i = 0; i < commits; i++) {
                promise(lines.readLine(), promised);
            }
            // The handle leaves its output open: what it had printed before it died is a promise too.
            process.toHandle().destroyForcibly();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                promise(line, promised);
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static void promise(@Nullable String line, long[] promised) {
        if (line == null) {
            throw new AssertionError("the process ended by itself");
        }
        List<String> words = List.of(line.split(" "));
        if (words.size() == 2) {
            promised[Integer.parseInt(words.get(0))] = Long.parseLong(words.get(1));
        }
    }
}
