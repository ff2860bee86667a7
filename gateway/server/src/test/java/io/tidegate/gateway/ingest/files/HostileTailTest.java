package io.tidegate.gateway.ingest.files;

import static io.tidegate.gateway.ingest.files.ManualSource.gzip;
import static io.tidegate.gateway.ingest.files.ManualSource.line;
import static io.tidegate.gateway.ingest.files.ManualSource.lines;
import static io.tidegate.gateway.ingest.files.ManualSource.numbers;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.tidegate.gateway.ingest.files.TailSettings.From;
import io.tidegate.gateway.ingest.files.TailSettings.Log;
import io.tidegate.gateway.ingest.files.TailSettings.Rules;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logs as programs and people rotate them that did not read how: links, holes, late writers, many files. */
class HostileTailTest {

    private static final Duration SETTLE = Duration.ofSeconds(5);

    private final ManualSource log = new ManualSource();
    private TailScanner tail;
    private int maxOpen = 100;

    @TempDir
    private Path parent;

    private Path folder;
    private Path live;

    @BeforeEach
    void aFolder() throws IOException {
        folder = Files.createDirectory(parent.resolve("logs"));
        live = folder.resolve("access.log");
        tail = open(From.START, "access.log");
    }

    @AfterEach
    void letGo() {
        tail.close();
    }

    @Test
    void a_link_out_of_the_folder_is_not_followed_and_named_and_the_others_are_read() throws Exception {
        Path secret = Files.writeString(parent.resolve("secret"), "root:x:0:0\n");
        Files.createSymbolicLink(folder.resolve("a.log"), secret);
        Files.createSymbolicLink(folder.resolve("loop.log"), folder.resolve("loop.log"));
        Files.writeString(folder.resolve("b.log"), lines(0, 2));
        restart(From.START, "*.log");

        FileScanner.Look look = log.work(tail);

        assertThat(log.numbers()).isEqualTo(numbers(0, 2));
        assertThat(log.deadLetters).isEmpty();
        assertThat(look.troubles())
                .anySatisfy(trouble -> assertThat(trouble).contains(folder + "/a.log", "a link out of its folder"))
                .anySatisfy(trouble -> assertThat(trouble).contains(folder + "/loop.log"));
    }

    @Test
    void from_the_end_a_log_that_comes_later_is_read_whole_though_a_link_stands_beside_it() throws Exception {
        Files.createSymbolicLink(folder.resolve("a.log"), Files.writeString(parent.resolve("secret"), "root:x:0:0\n"));
        restart(From.END, "*.log");
        log.work(tail);
        append(lines(0, 3));

        log.work(tail);

        assertThat(log.numbers()).isEqualTo(numbers(0, 3));
    }

    @Test
    void a_link_and_its_target_under_one_glob_are_read_once_also_when_the_link_moves_on() throws Exception {
        restart(From.START, "*.log");
        Path first = Files.createFile(folder.resolve("access-20261123.log"));
        Files.createSymbolicLink(live, first.getFileName());
        log.work(tail);
        Files.writeString(live, line(0), APPEND);
        log.work(tail);
        Path second = Files.createFile(folder.resolve("access-20261124.log"));
        Files.delete(live);
        Files.createSymbolicLink(live, second.getFileName());
        Files.writeString(live, line(1), APPEND);
        Files.writeString(first, line(2), APPEND);
        log.work(tail);

        assertThat(log.numbers()).containsExactlyInAnyOrder(0, 1, 2);
    }

    @Test
    void a_log_that_is_named_by_a_link_alone_is_followed_to_the_next_file_when_the_link_moves_on() throws Exception {
        Path first = Files.writeString(folder.resolve("access-20261123.log"), lines(0, 2));
        Files.createSymbolicLink(live, first.getFileName());
        log.work(tail);
        Path second = Files.writeString(folder.resolve("access-20261124.log"), lines(3, 5));
        Files.delete(live);
        Files.createSymbolicLink(live, second.getFileName());
        Files.writeString(first, line(2).stripTrailing(), APPEND);
        log.work(tail);
        log.passes(SETTLE);
        FileScanner.Look look = log.work(tail);

        assertThat(log.numbers()).containsExactlyInAnyOrderElementsOf(numbers(0, 5));
        assertThat(log.files("rotated")).isEqualTo(1);
        assertThat(look.troubles()).isEmpty();
    }

    @Test
    void two_hard_links_under_one_glob_are_read_once_also_when_one_moves_on() throws Exception {
        restart(From.START, "*.log");
        Path first = Files.createFile(folder.resolve("access-20261123.log"));
        Files.createLink(live, first);
        log.work(tail);
        Files.writeString(live, line(0), APPEND);
        log.work(tail);
        log.passes(SETTLE);
        log.work(tail);
        assertThat(log.files("rotated")).isZero();
        Path second = Files.createFile(folder.resolve("access-20261124.log"));
        Files.delete(live);
        Files.createLink(live, second);
        Files.writeString(live, line(1), APPEND);
        Files.writeString(first, line(2), APPEND);
        log.work(tail);

        assertThat(log.numbers()).containsExactlyInAnyOrder(0, 1, 2);
    }

    @Test
    void copytruncate_under_a_writer_that_keeps_its_place_leaves_a_hole_that_is_skipped() throws Exception {
        for (boolean seenEmpty : List.of(false, true)) {
            aFolder(seenEmpty);
            try (RandomAccessFile writer = new RandomAccessFile(live.toFile(), "rw")) {
                writer.write(lines(0, 2_000).getBytes(UTF_8));
                log.work(tail);
                for (int rotation = 1; rotation < 4; rotation++) {
                    Files.copy(live, folder.resolve("access.log." + rotation));
                    Files.writeString(live, "", TRUNCATE_EXISTING);
                    if (seenEmpty) {
                        log.work(tail);
                    }
                    writer.write(lines(2_000 * rotation, 2_000 * (rotation + 1)).getBytes(UTF_8));
                    log.work(tail);
                    log.passes(SETTLE);
                    log.work(tail);
                    tail.close();
                    tail = open(From.START, "access.log");
                }
            }
            log.work(tail);
        }
        assertThat(log.numbers())
                .isEqualTo(Stream.of(numbers(0, 8_000), numbers(0, 8_000))
                        .flatMap(List::stream)
                        .toList());
        assertThat(log.deadLetters).isEmpty();
        assertThat(log.files("lost")).isZero();
    }

    @Test
    void a_line_that_comes_late_to_a_renamed_log_is_read_also_without_its_end_and_after_a_restart() throws Exception {
        append(lines(0, 3));
        log.work(tail);
        Path old = Files.move(live, folder.resolve("access.log.1"));
        append(line(3));
        settle();
        Files.writeString(old, line(4), APPEND);
        settle();
        Files.writeString(old, line(5).stripTrailing(), APPEND);
        settle();
        restart(From.START, "access.log");
        Path older = Files.move(old, folder.resolve("access.log.2"));
        Files.writeString(older, "\n" + line(6), APPEND);
        settle();
        assertThat(log.numbers()).isEqualTo(numbers(0, 7));
        assertThat(log.files("rotated")).isEqualTo(1);
        Files.write(folder.resolve("access.log.2.gz"), gzip(Files.readString(older)));
        Files.delete(older);
        settle();

        assertThat(log.state).as("begun, and the log").hasSize(2);
        assertThat(log.files("lost")).isZero();
    }

    @Test
    void a_copy_that_gets_the_inode_of_a_deleted_log_is_read_once() throws Exception {
        maxOpen = 1;
        restart(From.START, "*.log*");
        for (int i = 0; i < 3; i++) {
            Files.writeString(many(i), line(i));
            // The one that is copied is known longer than the one that is deleted.
            Files.setLastModifiedTime(
                    many(i), FileTime.from(Instant.parse("2026-11-30T10:00:00Z").plusSeconds(i)));
        }
        log.work(tail);
        Object inode = Files.getAttribute(many(1), "unix:ino");

        Files.delete(many(1));
        Path copy = Files.copy(many(0), folder.resolve("0.log.1"));
        assumeThat(Files.getAttribute(copy, "unix:ino")).isEqualTo(inode);
        Files.writeString(many(0), line(3), TRUNCATE_EXISTING);
        log.work(tail);
        settle();

        assertThat(log.numbers()).containsExactlyInAnyOrderElementsOf(numbers(0, 4));
    }

    @Test
    void of_many_logs_only_so_many_are_held_open_and_each_is_followed_all_the_same() throws Exception {
        maxOpen = 4;
        restart(From.START, "*.log*");
        int many = 40;
        for (int i = 0; i < many; i++) {
            Files.writeString(many(i), line(i));
        }
        log.work(tail);
        assertThat(descriptors()).isEqualTo(4);
        for (int i = 0; i < many; i++) {
            Path file = many(i);
            switch (i % 4) {
                case 0 -> Files.writeString(file, line(many + i), APPEND);
                case 1 -> {
                    Files.move(file, folder.resolve(i + ".log.1"));
                    Files.writeString(file, line(many + i));
                }
                case 2 -> {
                    Files.copy(file, folder.resolve(i + ".log.1"));
                    Files.writeString(file, line(many + i), TRUNCATE_EXISTING);
                }
                default -> {
                    // Its inode may go to its successor.
                    Files.delete(file);
                    Files.writeString(file, line(many + i));
                }
            }
        }
        log.work(tail);
        assertThat(descriptors()).isLessThanOrEqualTo(4);
        settle();

        assertThat(log.numbers()).containsExactlyInAnyOrderElementsOf(numbers(0, 2 * many));
        assertThat(log.deadLetters).isEmpty();
    }

    @Test
    void from_the_end_of_a_very_long_log_only_its_beginning_and_its_end_are_looked_at() throws Exception {
        String fields = "#Fields: date time c-ip cs-method cs-uri-stem sc-status sc-bytes\n";
        Files.writeString(live, fields);
        long size = 40L << 30;
        try (RandomAccessFile sparse = new RandomAccessFile(live.toFile(), "rw")) {
            sparse.seek(size);
            sparse.write("\n2026-11-23 07:40:02 203.0.113.9 GET /0 200 12\nhalf ".getBytes(UTF_8));
        }
        restart(From.END, "access.log");
        log.work(tail);
        append("a line\n2026-11-23 07:40:02 203.0.113.9 GET /1 200 12\n");
        restart(From.END, "access.log");

        log.work(tail);

        assertThat(log.numbers()).containsExactly(1);
        assertThat(log.deadLetters)
                .singleElement()
                .satisfies(letter -> assertThat(new String(letter.raw(), UTF_8)).isEqualTo("half a line"));
    }

    @Test
    void names_of_any_bytes_are_followed_over_a_restart() throws Exception {
        Path odd = Path.of(URI.create("file://" + folder + "/j%E4nner.log"));
        Path other = Path.of(URI.create("file://" + folder + "/j%F6nner.log"));
        restart(From.START, "*.log");
        Files.writeString(odd, line(0));
        Files.writeString(other, line(1));
        log.work(tail);
        restart(From.START, "*.log");
        Files.writeString(odd, line(2), APPEND);
        Files.writeString(other, line(3), APPEND);
        log.work(tail);

        assertThat(log.numbers()).containsExactlyInAnyOrder(0, 1, 2, 3);
        assertThat(log.state).hasSize(3);
    }

    @Test
    void a_log_that_is_written_over_now_and_then_gives_no_line_twice_nor_one_of_two() throws Exception {
        for (int i = 1; i <= 50; i++) {
            if (i % 10 == 0) {
                Files.writeString(live, line(i), CREATE, TRUNCATE_EXISTING);
            } else {
                append(line(i));
            }
            if (i % 3 == 0) {
                log.work(tail);
            }
        }
        log.work(tail);

        assertThat(log.numbers()).doesNotHaveDuplicates().contains(50);
        assertThat(log.deadLetters).isEmpty();
        // Truncated at 10, 20, 30, 40 and 50.
        assertThat(log.files("lost")).isEqualTo(5);
    }

    @Test
    void what_was_copied_and_compressed_before_it_was_read_is_counted_as_lost_and_the_rest_goes_on() throws Exception {
        append(lines(0, 3));
        log.work(tail);
        append(lines(3, 900));
        Files.write(folder.resolve("access.log-20261123.gz"), gzip(Files.readString(live)));
        Files.writeString(live, "", TRUNCATE_EXISTING);
        append(lines(900, 903));

        log.work(tail);

        assertThat(log.numbers()).containsExactly(0, 1, 2, 900, 901, 902);
        assertThat(log.files("lost")).isEqualTo(1);
    }

    @Test
    void a_successor_with_the_same_inode_and_the_same_header_is_read_from_its_beginning() throws Exception {
        String header = "#Fields: date time cs-method cs-uri-stem c-ip sc-status\n";
        append(header + "2026-11-23 07:40:02 GET /0 192.0.2.7 200\n");
        log.work(tail);
        tail.close();
        StringBuilder next = new StringBuilder(header);
        for (int i = 1; i <= 50; i++) {
            next.append("2026-11-23 07:40:02 GET /").append(i).append(" 192.0.2.7 200\n");
        }
        // In its place: certainly the same inode.
        Files.writeString(live, next.toString(), TRUNCATE_EXISTING);
        tail = open(From.START, "access.log");

        log.work(tail);

        assertThat(log.numbers()).isEqualTo(numbers(0, 51));
    }

    private void aFolder(boolean fresh) throws IOException {
        if (fresh) {
            tail.close();
            log.state.clear();
            folder = Files.createDirectory(parent.resolve("again"));
            live = folder.resolve("access.log");
            tail = open(From.START, "access.log");
        }
    }

    /** How many files of the folder this process has open, as Linux tells. */
    private long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.filter(Files::exists)
                    .filter(each -> {
                        try {
                            return Files.readSymbolicLink(each).startsWith(folder);
                        } catch (IOException e) {
                            return false;
                        }
                    })
                    .count();
        }
    }

    private Path many(int i) {
        return folder.resolve(i + ".log");
    }

    private void append(String text) throws IOException {
        Files.writeString(live, text, CREATE, APPEND);
    }

    private void settle() {
        log.work(tail);
        log.passes(SETTLE);
        log.work(tail);
    }

    private void restart(From from, String... files) {
        tail.close();
        tail = open(from, files);
    }

    private TailScanner open(From from, String... files) {
        List<Log> logs = Stream.of(files).map(file -> new Log(folder, file)).toList();
        TailSettings settings = new TailSettings("live", logs, new Rules(from, SETTLE, maxOpen, ManualSource.rules()));
        return new TailScanner(settings, log.state(), ManualSource.DECODERS, log.meters, log.clocks());
    }
}
