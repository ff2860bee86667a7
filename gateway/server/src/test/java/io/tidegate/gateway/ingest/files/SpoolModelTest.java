package io.tidegate.gateway.ingest.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.ingest.files.ManualSource.Fuse;
import io.tidegate.gateway.ingest.files.ManualSource.Killed;
import io.tidegate.gateway.ingest.files.SpoolSettings.Done;
import io.tidegate.gateway.ingest.files.SpoolSettings.Rules;
import io.tidegate.junit.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random deliveries into a spool directory that is killed now and then, against a model: the lines of every file that was
 * delivered, once, whatever name it came by, and again only when the name came with other content between.
 */
class SpoolModelTest {

    private static final int RUNS = 15;
    private static final int STEPS = 50;
    private static final Duration SETTLE = Duration.ofSeconds(2);
    private static final List<String> NAMES = List.of("a.log", "b.log", "c.gz", "d");

    @TempDir
    private Path folder;

    @Test
    void every_line_of_every_delivery_comes_once() throws Exception {
        Random random = Seed.of("deliveries into a spool directory").random();
        for (Done done : Done.values()) {
            for (int run = 0; run < RUNS; run++) {
                new Run(run, random, done).everyLineComesOnce();
            }
        }
    }

    private final class Run {

        private final int number;
        private final Random random;
        private final Done done;
        private final Path dir;
        private final ManualSource log = new ManualSource();
        private final Map<String, byte[]> delivered = new HashMap<>();
        private final List<Integer> expected = new ArrayList<>();
        private final List<String> story = new ArrayList<>();
        private int next;
        private int bad;
        private SpoolScanner spool;

        Run(int number, Random random, Done done) throws IOException {
            this.number = number;
            this.random = random;
            this.done = done;
            this.dir = Files.createTempDirectory(folder, "spool");
            this.spool = open();
        }

        void everyLineComesOnce() throws IOException {
            for (int step = 0; step < STEPS; step++) {
                String name = NAMES.get(random.nextInt(NAMES.size()));
                switch (random.nextInt(8)) {
                    case 0, 1 -> deliver(name, fresh());
                    case 2 -> again(name);
                    case 3 -> broken(name);
                    case 4 -> restart();
                    case 5 -> grow(name);
                    default -> work(new Fuse(random.nextInt(40)));
                }
            }
            work(Fuse.endless());
            assertThat(log.numbers()).as(said()).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(log.deadLetters).as(said()).hasSize(bad);
        }

        /** A delivery of new lines, under a name that nobody uses just now. */
        private void deliver(String name, String text) throws IOException {
            work(Fuse.endless());
            Files.deleteIfExists(dir.resolve(name));
            byte[] bytes = random.nextBoolean() ? ManualSource.gzip(text) : text.getBytes(UTF_8);
            delivered.put(name, bytes);
            move(name, bytes);
            story.add("deliver " + name + " to " + next);
        }

        private String fresh() {
            int count = 1 + random.nextInt(random.nextInt(6) == 0 ? 4_000 : 30);
            String text = ManualSource.lines(next, next + count);
            expected.addAll(ManualSource.numbers(next, next + count));
            next += count;
            return text;
        }

        private void again(String name) throws IOException {
            byte[] before = delivered.get(name);
            if (before != null) {
                work(Fuse.endless());
                move(name, before);
                story.add("again " + name);
            }
        }

        /** Nothing of a gzip file that is cut in its header can be read. */
        private void broken(String name) throws IOException {
            work(Fuse.endless());
            Files.deleteIfExists(dir.resolve(name));
            delivered.remove(name);
            move(name, Arrays.copyOf(ManualSource.gzip(ManualSource.line(0)), 7));
            bad++;
            story.add("broken " + name);
        }

        /** In the folder, after it was read: only where files stay. What grew goes to quarantine unread, and comes back. */
        private void grow(String name) throws IOException {
            byte[] before = delivered.get(name);
            if (done != Done.TRACK || before == null || before[0] == 0x1f) {
                return;
            }
            work(Fuse.endless());
            if (!Files.exists(dir.resolve(name))) {
                return;
            }
            String more = fresh() + ManualSource.line(next);
            expected.add(next++);
            Files.writeString(dir.resolve(name), more, APPEND);
            bad++;
            work(Fuse.endless());
            byte[] grown = (new String(before, UTF_8) + more).getBytes(UTF_8);
            assertThat(dir.resolve(name)).as(said()).doesNotExist();
            move(name, grown);
            delivered.put(name, grown);
            story.add("grow " + name + " to " + next);
        }

        private void move(String name, byte[] bytes) throws IOException {
            Path hidden = Files.write(dir.resolve("." + name), bytes);
            Files.move(hidden, dir.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }

        private void work(Fuse fuse) {
            try {
                spool.look();
                log.passes(SETTLE);
                log.work(spool, fuse, random);
                story.add("work");
            } catch (Killed e) {
                story.add("killed");
                restart();
            }
        }

        private void restart() {
            spool = open();
        }

        private String said() {
            return "%s, run %d: %s".formatted(done, number, story);
        }

        private SpoolScanner open() {
            SpoolSettings settings = new SpoolSettings(
                    "access",
                    dir,
                    new Rules(
                            List.of("*"),
                            List.of(),
                            SETTLE,
                            done,
                            ".COMPLETED",
                            ".tidegate",
                            ".quarantine",
                            100,
                            ManualSource.rules()));
            return new SpoolScanner(settings, log.state(), ManualSource.DECODERS, log.meters, log.clocks());
        }
    }
}
