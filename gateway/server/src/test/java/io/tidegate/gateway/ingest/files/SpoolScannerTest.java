package io.tidegate.gateway.ingest.files;

import static io.tidegate.gateway.ingest.files.ManualSource.gzip;
import static io.tidegate.gateway.ingest.files.ManualSource.line;
import static io.tidegate.gateway.ingest.files.ManualSource.lines;
import static io.tidegate.gateway.ingest.files.ManualSource.numbers;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.decode.Reason;
import io.tidegate.gateway.ingest.files.ManualSource.Fuse;
import io.tidegate.gateway.ingest.files.ManualSource.Killed;
import io.tidegate.gateway.ingest.files.SpoolSettings.Done;
import io.tidegate.gateway.ingest.files.SpoolSettings.Rules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A spool directory with real files, its log and its time by hand. */
class SpoolScannerTest {

    private static final Duration SETTLE = Duration.ofSeconds(2);

    @TempDir
    private Path folder;

    private Path dir;
    private ManualSource log = new ManualSource();

    @BeforeEach
    void aFolder() throws IOException {
        dir = Files.createDirectory(folder.resolve("spool"));
    }

    @Test
    void a_file_is_read_once_it_has_settled_and_then_renamed() throws Exception {
        put("a.log", lines(0, 10));
        SpoolScanner spool = open();

        log.work(spool);
        assertThat(log.events).isEmpty();
        log.passes(SETTLE);
        log.work(spool);

        assertThat(log.numbers()).isEqualTo(numbers(0, 10));
        assertThat(log.events).allMatch(event -> event.getRequest().getHost().equals("www1"));
        assertThat(names(dir)).containsExactly("a.log.COMPLETED");
        assertThat(log.files("completed")).isEqualTo(1);
    }

    @Test
    void a_file_that_changes_is_waited_for_until_it_has_been_quiet() throws Exception {
        put("a.log", lines(0, 5));
        SpoolScanner spool = open();
        log.work(spool);
        log.passes(SETTLE.minusMillis(1));
        Files.writeString(dir.resolve("a.log"), lines(5, 10), APPEND);

        log.work(spool);
        log.passes(SETTLE.minusMillis(1));
        log.work(spool);
        assertThat(log.events).isEmpty();
        log.passes(Duration.ofMillis(1));
        log.work(spool);

        assertThat(log.numbers()).isEqualTo(numbers(0, 10));
    }

    @Test
    void the_oldest_file_comes_first_then_the_first_name() throws Exception {
        age(put("b.log", lines(2, 3)), 10);
        age(put("a.log", lines(1, 2)), 10);
        age(put("c.log", lines(0, 1)), 20);
        age(put("d.log", lines(3, 4)), 5);

        settleAndWork(open());

        assertThat(log.numbers()).containsExactly(0, 1, 2, 3);
    }

    @Test
    void names_decide_what_is_read() throws Exception {
        put(".hidden.log", lines(0, 1));
        put("a.log", lines(1, 2));
        put("a.log.tmp", lines(2, 3));
        put("b.txt", lines(3, 4));
        put("c.log.COMPLETED", lines(4, 5));
        Files.createDirectory(dir.resolve("d.log"));

        settleAndWork(open(rules(Done.RENAME, List.of("*.log*"), List.of("*.tmp"))));

        assertThat(log.numbers()).containsExactly(1);
    }

    @Test
    void gzip_is_told_by_its_content_not_by_its_name() throws Exception {
        Files.write(dir.resolve("a"), gzip(lines(0, 3)));
        put("b.gz", lines(3, 5));

        settleAndWork(open());

        assertThat(log.numbers()).containsExactly(0, 1, 2, 3, 4);
        assertThat(names(dir)).containsExactly("a.COMPLETED", "b.gz.COMPLETED");
    }

    @Test
    void a_file_that_is_read_may_be_deleted() throws Exception {
        put("a.log", lines(0, 3));

        settleAndWork(open(rules(Done.DELETE, List.of("*"), List.of())));

        assertThat(log.numbers()).containsExactly(0, 1, 2);
        assertThat(names(dir)).isEmpty();
    }

    @Test
    void a_file_that_is_tracked_stays_and_is_not_read_again_nor_after_a_restart_nor_when_it_is_touched()
            throws Exception {
        SpoolSettings track = rules(Done.TRACK, List.of("*"), List.of());
        put("a.log", lines(0, 3));

        SpoolScanner spool = open(track);
        settleAndWork(spool);
        settleAndWork(spool);
        settleAndWork(open(track));
        age(dir.resolve("a.log"), 100);
        settleAndWork(open(track));
        settleAndWork(open(track));

        assertThat(log.numbers()).containsExactly(0, 1, 2);
        assertThat(names(dir)).containsExactly(".tidegate", "a.log");
        assertThat(Files.readString(dir.resolve(".tidegate/a.log.COMPLETED"))).startsWith("3 lines, ");
        assertThat(log.files("repeated")).isZero();
    }

    @Test
    void a_tracked_file_that_grows_is_bad() throws Exception {
        SpoolSettings track = rules(Done.TRACK, List.of("*"), List.of());
        put("a.log", lines(0, 3));
        settleAndWork(open(track));
        Files.writeString(dir.resolve("a.log"), lines(3, 4), APPEND);

        settleAndWork(open(track));

        assertThat(log.numbers()).containsExactly(0, 1, 2);
        assertThat(quarantined()).containsExactly("a.log", "a.log.reason");
    }

    @Test
    void a_truncated_gzip_goes_to_quarantine_what_was_read_counts_and_the_others_go_on() throws Exception {
        byte[] whole = gzip(noisy(0, 20_000));
        age(Files.write(dir.resolve("a.gz"), Arrays.copyOf(whole, whole.length / 2)), 10);
        put("b.log", lines(50_000, 50_002));

        settleAndWork(open());

        List<Integer> read = log.numbers();
        int before = read.size() - 2;
        assertThat(before).isBetween(5_000, 15_000);
        assertThat(read.subList(0, before)).isEqualTo(numbers(0, before));
        assertThat(read.subList(before, read.size())).containsExactly(50_000, 50_001);
        assertThat(quarantined()).containsExactly("a.gz", "a.gz.reason");
        assertThat(Files.readString(dir.resolve(".quarantine/a.gz.reason")))
                .startsWith("file-unreadable: behind line " + before + ", offset ")
                .contains("(what is before it counts): it ends too early: ");
        assertThat(log.deadLetters).singleElement().satisfies(letter -> {
            assertThat(letter.why().reason()).isEqualTo(Reason.FILE_UNREADABLE);
            assertThat(letter.number()).isEqualTo(before + 1);
        });
        assertThat(log.files("bad")).isEqualTo(1);
    }

    @Test
    void a_repaired_file_goes_on_behind_what_was_read_of_the_broken_one() throws Exception {
        byte[] whole = gzip(noisy(0, 20_000));
        Files.write(dir.resolve("a.gz"), Arrays.copyOf(whole, whole.length / 2));
        settleAndWork(open());
        Files.write(dir.resolve("a.gz"), whole);

        settleAndWork(open());

        assertThat(log.numbers()).isEqualTo(numbers(0, 20_000));
        assertThat(names(dir)).containsExactly(".quarantine", "a.gz.COMPLETED");
    }

    @Test
    void no_gzip_at_all_is_damaged_lines_and_an_empty_file_is_nothing() throws Exception {
        put("a.log", "");
        put("b.log", "hello\nworld");

        settleAndWork(open());

        assertThat(log.events).isEmpty();
        assertThat(log.deadLetters)
                .extracting(letter -> new String(letter.raw(), UTF_8))
                .containsExactly("hello", "world");
        assertThat(log.deadLetters.get(1).why().detail()).startsWith("line 2, offset 6: ");
        assertThat(names(dir)).containsExactly("a.log.COMPLETED", "b.log.COMPLETED");
    }

    @Test
    void a_file_that_changes_while_it_is_read_goes_to_quarantine_and_back_it_goes_on_behind_what_was_read()
            throws Exception {
        put("a.log", noisy(0, 2_500));
        SpoolScanner spool = open();
        spool.look();
        log.passes(SETTLE);
        FileScanner.Look look = spool.look();
        Files.writeString(dir.resolve("a.log"), noisy(2_500, 2_501) + "half a li", APPEND);

        BatchReader reading = look.found().get(0);
        while (reading.more()) {
            LineBatch piece = reading.next(0);
            log.events.addAll(piece.events().events());
            log.deadLetters.addAll(piece.events().damaged());
            piece.state().forEach(update -> log.state.put(update.key(), update.value()));
            piece.durable().run();
        }

        assertThat(log.numbers()).isEqualTo(numbers(0, 2_501));
        assertThat(quarantined()).containsExactly("a.log", "a.log.reason");
        assertThat(log.deadLetters).singleElement().satisfies(letter -> {
            assertThat(letter.why().reason()).isEqualTo(Reason.FILE_CHANGED);
            assertThat(letter.why().detail()).startsWith("behind line 2501, ");
        });
        Path back = Files.move(dir.resolve(".quarantine/a.log"), dir.resolve("a.log"));
        Files.writeString(back, "\n" + noisy(2_501, 2_510), APPEND);
        settleAndWork(spool);
        assertThat(log.numbers()).isEqualTo(numbers(0, 2_510));
    }

    @Test
    void a_file_that_changes_between_its_last_commit_and_its_renaming_goes_to_quarantine() throws Exception {
        put("a.log", lines(0, 10));
        SpoolScanner spool = open();
        spool.look();
        log.passes(SETTLE);
        BatchReader reading = spool.look().found().get(0);
        LineBatch lines = reading.next(0);
        LineBatch last = reading.next(0);
        for (LineBatch piece : List.of(lines, last)) {
            log.events.addAll(piece.events().events());
            piece.state().forEach(update -> log.state.put(update.key(), update.value()));
        }
        Files.writeString(dir.resolve("a.log"), lines(10, 12), APPEND);
        last.durable().run();

        assertThat(names(dir)).containsExactly("a.log");
        settleAndWork(spool);
        assertThat(log.numbers()).isEqualTo(numbers(0, 10));
        assertThat(quarantined()).containsExactly("a.log", "a.log.reason");
        Files.move(dir.resolve(".quarantine/a.log"), dir.resolve("a.log"));
        settleAndWork(spool);
        assertThat(log.numbers()).isEqualTo(numbers(0, 12));
    }

    @Test
    void the_same_name_with_other_content_is_another_file() throws Exception {
        put("a.log", lines(0, 3));
        settleAndWork(open());
        put("a.log", lines(3, 6));
        settleAndWork(open());
        put("a.log", lines(3, 6) + lines(6, 8));
        settleAndWork(open());

        assertThat(log.numbers()).containsExactly(0, 1, 2, 3, 4, 5, 3, 4, 5, 6, 7);
        assertThat(names(dir)).containsExactly("a.log.1.COMPLETED", "a.log.2.COMPLETED", "a.log.COMPLETED");
    }

    @Test
    void the_same_content_under_the_same_name_again_is_not_read_again() throws Exception {
        put("a.log", lines(0, 3));
        settleAndWork(open());
        put("a.log", lines(0, 3));
        settleAndWork(open());
        put("b.log", lines(0, 3));
        settleAndWork(open());

        assertThat(log.numbers()).containsExactly(0, 1, 2, 0, 1, 2);
        assertThat(log.files("repeated")).isEqualTo(1);
        assertThat(names(dir)).containsExactly("a.log.1.COMPLETED", "a.log.COMPLETED", "b.log.COMPLETED");
    }

    @Test
    void only_so_many_files_that_are_gone_are_remembered() throws Exception {
        for (int i = 0; i < 8; i++) {
            put("a" + i, line(i));
            settleAndWork(open());
            log.passes(SETTLE);
        }
        assertThat(log.state).hasSize(5);
        put("a7", line(7));
        put("a0", line(0));

        settleAndWork(open());

        assertThat(log.numbers()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 0);
    }

    @Test
    void invalid_utf8_is_kept_visible_and_a_line_that_is_too_long_does_not_hide_the_next() throws Exception {
        String agent = "203.0.113.9 - - [23/Nov/2026:07:40:02 +0000] \"GET /0 HTTP/1.1\" 200 12 \"-\" \"\u00ff\"\n";
        Files.write(
                dir.resolve("a.log"),
                (agent + "x".repeat(300_000) + "\n" + line(1) + "y".repeat(300_000)).getBytes(ISO_8859_1));

        settleAndWork(open());

        assertThat(log.numbers()).containsExactly(0, 1);
        assertThat(log.events.get(0).getRequest().getAgent()).isEqualTo("\\xff");
        assertThat(log.deadLetters)
                .extracting(letter -> letter.why().reason())
                .containsExactly(Reason.LINE_TOO_LONG, Reason.LINE_TOO_LONG);
        assertThat(log.deadLetters).allMatch(letter -> letter.length() == 300_000);
        assertThat(names(dir)).containsExactly("a.log.COMPLETED");
    }

    @Test
    void a_folder_that_is_not_there_is_said_and_picked_up_when_it_comes() throws Exception {
        Files.delete(dir);
        SpoolScanner spool = open();

        FileScanner.Look look = log.work(spool);
        assertThat(look.blind()).isTrue();
        assertThat(look.troubles())
                .singleElement()
                .asString()
                .contains("NoSuchFile")
                .contains(dir.toString());
        Files.createDirectory(dir);
        put("a.log", lines(0, 2));
        settleAndWork(spool);

        assertThat(log.numbers()).containsExactly(0, 1);
        assertThat(log.work(spool).troubles()).isEmpty();
    }

    @Test
    void a_file_that_cannot_be_put_away_is_said_and_not_read_again() throws Exception {
        put("a.log", lines(0, 2));
        put(".quarantine", "in the way");
        Files.write(dir.resolve("b.gz"), Arrays.copyOf(gzip(lines(5, 9)), 20));
        SpoolScanner spool = open();

        settleAndWork(spool);
        FileScanner.Look look = log.work(spool);

        assertThat(look.blind()).isFalse();
        assertThat(look.troubles())
                .singleElement()
                .asString()
                .contains("can't put away")
                .contains("b.gz");
        assertThat(log.numbers()).containsExactly(0, 1);
        assertThat(log.deadLetters).hasSize(1);
        Files.delete(dir.resolve(".quarantine"));
        assertThat(log.work(spool).troubles()).isEmpty();
        assertThat(quarantined()).containsExactly("b.gz", "b.gz.reason");
    }

    @Test
    void killed_between_any_two_steps_it_neither_loses_nor_repeats_a_line() throws Exception {
        for (Done done : Done.values()) {
            boolean killed = true;
            for (int steps = 0; killed; steps++) {
                log = new ManualSource();
                dir = Files.createTempDirectory(folder, "spool");
                killed = killAfter(steps, rules(done, List.of("*"), List.of()));

                settleAndWork(open(rules(done, List.of("*"), List.of())));

                assertThat(log.numbers())
                        .as("%s, killed after %d steps", done, steps)
                        .isEqualTo(Stream.of(numbers(0, 2_500), numbers(6_000, 6_010), numbers(7_000, 7_002))
                                .flatMap(List::stream)
                                .toList());
                assertThat(log.deadLetters).hasSize(1);
                assertThat(quarantined()).containsExactly("d.gz", "d.gz.reason");
                assertThat(names(dir).stream()
                                .filter(name -> !name.startsWith("."))
                                .count())
                        .isEqualTo(done == Done.DELETE ? 0 : 3);
            }
        }
    }

    /** @return whether it came to the kill */
    private boolean killAfter(int steps, SpoolSettings settings) throws Exception {
        age(put("a.log", noisy(0, 2_500)), 40);
        age(put("b.log", lines(6_000, 6_010)), 30);
        age(Files.write(dir.resolve("c.gz"), gzip(lines(7_000, 7_002))), 20);
        age(Files.write(dir.resolve("d.gz"), Arrays.copyOf(gzip(lines(8_000, 8_002)), 30)), 10);
        SpoolScanner spool = open(settings);
        spool.look();
        log.passes(SETTLE);
        try {
            log.work(spool, new Fuse(steps), new Random(steps));
            return false;
        } catch (Killed e) {
            return true;
        }
    }

    private SpoolSettings rules(Done done, List<String> include, List<String> ignore) {
        return new SpoolSettings(
                "access",
                dir,
                new Rules(
                        include,
                        ignore,
                        SETTLE,
                        done,
                        ".COMPLETED",
                        ".tidegate",
                        ".quarantine",
                        5,
                        ManualSource.rules()));
    }

    private SpoolScanner open() {
        return open(rules(Done.RENAME, List.of("*"), List.of()));
    }

    private SpoolScanner open(SpoolSettings settings) {
        return new SpoolScanner(settings, log.state(), ManualSource.DECODERS, log.meters, log.clocks());
    }

    private void settleAndWork(SpoolScanner spool) {
        spool.look();
        log.passes(SETTLE);
        log.work(spool);
    }

    private Path put(String name, String text) throws IOException {
        Path hidden = Files.writeString(dir.resolve("." + name + ".part"), text);
        return Files.move(hidden, dir.resolve(name));
    }

    private static void age(Path file, int seconds) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1_790_000_000L - seconds)));
    }

    private List<String> quarantined() throws IOException {
        return names(dir.resolve(".quarantine"));
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return List.copyOf(new TreeSet<>(
                    files.map(file -> String.valueOf(file.getFileName())).toList()));
        }
    }

    /** Lines that hardly compress. */
    private static String noisy(int from, int to) {
        Random random = new Random(from);
        StringBuilder text = new StringBuilder();
        for (int i = from; i < to; i++) {
            text.append(line(i).stripTrailing())
                    .append(" \"-\" \"")
                    .append(Long.toHexString(random.nextLong()))
                    .append("\"\n");
        }
        return text.toString();
    }
}
