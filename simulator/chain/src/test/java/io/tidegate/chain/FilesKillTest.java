package io.tidegate.chain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.junit.Seed;
import io.tidegate.junit.SlowTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.io.TempDir;

/**
 * A gateway that is killed with -9 again and again while files are moved into its spool directory and two logs are written
 * and rotated, one by renaming, one by copying and truncating: every line comes once.
 */
final class FilesKillTest {

    private static final int KILLS = 8;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Random random = Seed.of("killed while files come in").random();
    private final List<String> spooled = new ArrayList<>();
    private final List<String> renamed = new ArrayList<>();
    private final List<String> copied = new ArrayList<>();
    private long copiedBefore;

    @TempDir
    private Path folder;

    @SlowTest(seconds = 35)
    void every_line_of_files_and_rotated_logs_comes_once() throws Exception {
        Path spool = Files.createDirectory(folder.resolve("spool"));
        Path one = Files.createDirectory(folder.resolve("one")).resolve("access.log");
        Path two = Files.createDirectory(folder.resolve("two")).resolve("access.log");
        try (GatewayProcess gateway = GatewayProcess.start(folder, "gateway", settings(spool, one, two))) {
            ScheduledExecutorService writer = Executors.newSingleThreadScheduledExecutor();
            CompletableFuture<Void> wrong = new CompletableFuture<>();
            try {
                var unused = writer.scheduleAtFixedRate(
                        () -> write(gateway, spool, one, two, wrong), 0, 20, TimeUnit.MILLISECONDS);
                for (int kill = 0; kill < KILLS; kill++) {
                    long enough = Math.max(0, gateway.logged()) + 1 + random.nextInt(8_000);
                    await().atMost(PATIENCE).until(() -> wrong.isDone() || gateway.logged() >= enough);
                    gateway.killAndStartAgain();
                }
            } finally {
                writer.shutdown();
                assertThat(writer.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
            }
            assertThat(wrong).isNotDone();

            List<String> all =
                    Stream.of(spooled, renamed, copied).flatMap(List::stream).toList();
            await().atMost(PATIENCE).until(() -> gateway.logged() >= all.size());
            assertThat(gateway.paths().stream().sorted().toList())
                    .isEqualTo(all.stream().sorted().toList());
            assertThat(gateway.ledger("deadLettered")).isZero();
            assertThat(spooled.size()).isGreaterThan(10_000);
        }
    }

    private static String settings(Path spool, Path one, Path two) {
        return """
                presence.enabled = false
                sources = [
                  { name = spooled, kind = spool, dir = "%s", settle = 100ms, poll = 50ms, max-batch = 500 }
                  { name = renamed, kind = tail, files = ["%s*"], from = start, settle = 1s, poll = 20ms, max-batch = 500 }
                  { name = copied, kind = tail, files = ["%s"], from = start, settle = 1s, poll = 20ms, max-batch = 500 }
                ]
                """.formatted(spool, one, two);
    }

    /** A moment of all three writers: every now and then a file is complete, or a log is rotated. */
    private void write(GatewayProcess gateway, Path spool, Path one, Path two, CompletableFuture<Void> wrong) {
        try {
            if (random.nextInt(4) == 0) {
                spool(spool);
            }
            append(one, renamed, "/renamed/");
            append(two, copied, "/copied/");
            if (random.nextInt(60) == 0) {
                shift(one);
                Files.move(one, numbered(one, 1));
            }
            // Of a log of which nothing was read nobody can tell what it was.
            if (random.nextInt(15) == 0 && gateway.logged("copied") > copiedBefore) {
                copiedBefore = copied.size();
                shift(two);
                Files.copy(two, numbered(two, 1));
                Files.writeString(two, "", TRUNCATE_EXISTING);
            }
        } catch (IOException | RuntimeException e) {
            wrong.completeExceptionally(e);
        }
    }

    private void spool(Path spool) throws IOException {
        StringBuilder text = new StringBuilder();
        int count = 1 + random.nextInt(2_000);
        for (int i = 0; i < count; i++) {
            text.append(line(spooled, "/spooled/"));
        }
        Path hidden = spool.resolve(".part");
        Files.write(hidden, random.nextBoolean() ? gzip(text) : text.toString().getBytes(UTF_8));
        Files.move(hidden, spool.resolve("access-" + spooled.size() + ".log"));
    }

    private void append(Path log, List<String> written, String path) throws IOException {
        StringBuilder text = new StringBuilder();
        int count = 1 + random.nextInt(50);
        for (int i = 0; i < count; i++) {
            text.append(line(written, path));
        }
        // A writer's buffer ends anywhere.
        int cut = random.nextInt(text.length());
        Files.writeString(log, text.substring(0, cut), CREATE, APPEND);
        Files.writeString(log, text.substring(cut), CREATE, APPEND);
    }

    private static String line(List<String> written, String path) {
        String name = path + written.size();
        written.add(name);
        return "192.0.2." + written.size() % 200 + " - - [17/May/2015:10:05:03 +0000] \"GET " + name
                + " HTTP/1.1\" 200 5 \"-\" \"-\"\n";
    }

    /** As logrotate does, which keeps so many. */
    private static void shift(Path log) throws IOException {
        for (int i = 200; i > 0; i--) {
            if (Files.exists(numbered(log, i))) {
                Files.move(numbered(log, i), numbered(log, i + 1));
            }
        }
    }

    private static Path numbered(Path log, int number) {
        return log.resolveSibling("access.log." + number);
    }

    private static byte[] gzip(CharSequence text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.toString().getBytes(UTF_8));
        }
        return bytes.toByteArray();
    }
}
