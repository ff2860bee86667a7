package io.tidegate.gateway.ingest.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.ingest.files.ManualSource.Fuse;
import io.tidegate.gateway.ingest.files.ManualSource.Killed;
import io.tidegate.gateway.ingest.files.TailSettings.From;
import io.tidegate.gateway.ingest.files.TailSettings.Log;
import io.tidegate.gateway.ingest.files.TailSettings.Rules;
import io.tidegate.junit.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random interleavings of writing, rotating and being killed, against the simplest model there is: the numbers of the lines
 * that were written.
 */
class RotationModelTest {

    private static final int RUNS = 30;
    private static final int STEPS = 60;
    private static final Duration SETTLE = Duration.ofSeconds(5);

    @TempDir
    private Path folder;

    @Test
    void every_line_of_a_log_that_is_renamed_comes_once() throws Exception {
        Random random = Seed.of("a log that is renamed").random();
        for (int run = 0; run < RUNS; run++) {
            new Run(run, random, "access.log", List.of(Way.RENAME)).everyLineComesOnce();
        }
    }

    @Test
    void every_line_of_a_log_that_is_copied_and_truncated_comes_once() throws Exception {
        Random random = Seed.of("a log that is copied and truncated").random();
        for (int run = 0; run < RUNS; run++) {
            new Run(run, random, "access.log", List.of(Way.COPYTRUNCATE)).everyLineComesOnce();
        }
    }

    @Test
    void every_line_comes_once_whatever_the_rotation_and_with_a_glob() throws Exception {
        Random random = Seed.of("all rotations and a glob").random();
        for (int run = 0; run < RUNS; run++) {
            new Run(run, random, "access.log*", List.of(Way.values())).everyLineComesOnce();
        }
    }

    private enum Way {
        RENAME,
        COPYTRUNCATE
    }

    /** A log of its own, what was written to it, and a source that is killed now and then. */
    private final class Run {

        private final int number;
        private final Random random;
        private final String files;
        private final List<Way> ways;
        private final Path parent;
        private final Path live;
        private final ManualSource log = new ManualSource();
        private final List<Integer> written = new ArrayList<>();
        private final List<String> story = new ArrayList<>();
        private String unfinished = "";
        private int rotations;
        private TailScanner tail;

        Run(int number, Random random, String files, List<Way> ways) throws IOException {
            this.number = number;
            this.random = random;
            this.files = files;
            this.ways = ways;
            this.parent = Files.createTempDirectory(folder, "log");
            this.live = parent.resolve("access.log");
            this.tail = open();
        }

        void everyLineComesOnce() throws IOException {
            for (int step = 0; step < STEPS; step++) {
                switch (random.nextInt(10)) {
                    case 0, 1, 2, 3 -> write();
                    case 4 -> writeHalf();
                    case 5, 6, 7 -> work();
                    case 8 -> restart();
                    default -> rotate();
                }
            }
            write();
            work(Fuse.endless());
            log.passes(SETTLE);
            work(Fuse.endless());
            assertThat(log.numbers()).as(said()).containsExactlyInAnyOrderElementsOf(written);
            assertThat(log.deadLetters).as(said()).isEmpty();
            assertThat(log.files("lost")).as(said()).isZero();
            tail.close();
        }

        private void write() throws IOException {
            StringBuilder text = new StringBuilder(unfinished);
            unfinished = "";
            int count = 1 + random.nextInt(random.nextInt(10) == 0 ? 3_000 : 20);
            for (int i = 0; i < count; i++) {
                text.append(next());
            }
            story.add("write " + count);
            Files.writeString(live, text, UTF_8, CREATE, APPEND);
        }

        private void writeHalf() throws IOException {
            if (unfinished.isEmpty()) {
                String line = next();
                int cut = 1 + random.nextInt(line.length() - 1);
                story.add("write half");
                Files.writeString(live, line.substring(0, cut), UTF_8, CREATE, APPEND);
                unfinished = line.substring(cut);
            }
        }

        private String next() {
            int line = written.size();
            written.add(line);
            return ManualSource.line(line);
        }

        /** A program rotates between lines. What was read of a log by then is not all of it, nor nothing. */
        private void rotate() throws IOException {
            if (!unfinished.isEmpty()) {
                write();
            }
            // A log of which nothing was read can't be known again.
            if (!Files.exists(live) || Files.size(live) == 0) {
                write();
            }
            work(Fuse.endless());
            if (random.nextBoolean()) {
                write();
            }
            boolean away = random.nextBoolean();
            if (away) {
                tail.close();
            }
            Way way = ways.get(random.nextInt(ways.size()));
            story.add(way + (away ? " while away" : ""));
            for (int i = rotations; i > 0; i--) {
                Files.move(live.resolveSibling("access.log." + i), live.resolveSibling("access.log." + (i + 1)));
            }
            rotations++;
            Path old = live.resolveSibling("access.log.1");
            if (way == Way.RENAME) {
                Files.move(live, old);
            } else {
                Files.copy(live, old);
                if (!away && random.nextBoolean()) {
                    work();
                }
                Files.writeString(live, "", TRUNCATE_EXISTING);
            }
            if (random.nextBoolean()) {
                write();
            }
            if (away) {
                tail = open();
            }
            work(Fuse.endless());
            log.passes(SETTLE);
            work(Fuse.endless());
        }

        private void work() {
            log.passes(Duration.ofMillis(random.nextInt(3_000)));
            if (random.nextBoolean()) {
                work(Fuse.endless());
            } else {
                work(new Fuse(random.nextInt(12)));
            }
        }

        private void work(Fuse fuse) {
            try {
                log.work(tail, fuse, random);
                story.add("work");
            } catch (Killed e) {
                story.add("killed");
                restart();
            }
        }

        private void restart() {
            tail.close();
            story.add("restart");
            tail = open();
        }

        private String said() {
            return "run %d: %s".formatted(number, story);
        }

        private TailScanner open() {
            TailSettings settings = new TailSettings(
                    "live",
                    List.of(new Log(parent, files)),
                    new Rules(From.START, SETTLE, 1 + random.nextInt(3), ManualSource.rules()));
            return new TailScanner(settings, log.state(), ManualSource.DECODERS, log.meters, log.clocks());
        }
    }
}
