package io.tidegate.gateway.ingest.files;

import static io.tidegate.gateway.ingest.files.ManualSource.gzip;
import static io.tidegate.gateway.ingest.files.ManualSource.line;
import static io.tidegate.gateway.ingest.files.ManualSource.lines;
import static io.tidegate.gateway.ingest.files.ManualSource.numbers;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.ingest.files.SpoolSettings.Done;
import io.tidegate.gateway.ingest.files.SpoolSettings.Rules;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A spool directory into which somebody puts what he likes: links, names of any bytes, names that are taken. */
class HostileSpoolTest {

    private static final Duration SETTLE = Duration.ofSeconds(2);

    @TempDir
    private Path folder;

    private Path dir;
    private Path secret;
    private final ManualSource log = new ManualSource();

    @BeforeEach
    void aFolder() throws IOException {
        dir = Files.createDirectory(folder.resolve("spool"));
        secret = Files.writeString(folder.resolve("secret"), "root:x:0:0\n");
    }

    @Test
    void a_link_is_not_followed_and_named_and_the_others_are_read() throws Exception {
        Files.createSymbolicLink(dir.resolve("a.log"), secret);
        Files.createSymbolicLink(dir.resolve("dangling.log"), folder.resolve("nothing"));
        Files.writeString(dir.resolve("b.log"), lines(0, 3));

        FileScanner.Look look = settleAndWork(open(Done.DELETE));

        assertThat(log.numbers()).isEqualTo(numbers(0, 3));
        assertThat(log.deadLetters).isEmpty();
        assertThat(names(dir)).containsExactly("a.log", "dangling.log");
        assertThat(look.blind()).isFalse();
        assertThat(look.troubles())
                .hasSize(2)
                .allSatisfy(trouble ->
                        assertThat(trouble).startsWith(dir + "/").endsWith("is a link, which is not followed"));
    }

    @Test
    void a_file_that_becomes_a_link_behind_the_look_is_not_followed() throws Exception {
        Files.writeString(dir.resolve("a.log"), lines(0, 3));
        SpoolScanner spool = open(Done.RENAME);
        spool.look();
        log.passes(SETTLE);
        BatchReader reading = spool.look().found().get(0);
        Files.delete(dir.resolve("a.log"));
        Files.createSymbolicLink(dir.resolve("a.log"), secret);

        LineBatch piece = reading.next(0);

        assertThat(piece.events().events()).isEmpty();
        assertThat(piece.events().damaged())
                .allSatisfy(letter -> assertThat(letter.raw()).isEmpty());
    }

    @Test
    void a_tracker_is_not_written_through_a_link_nor_over_another_file() throws Exception {
        Path tracker = Files.createDirectory(dir.resolve(".tidegate"));
        Files.createSymbolicLink(tracker.resolve("a.log.COMPLETED"), secret);
        Files.writeString(tracker.resolve("b.log.COMPLETED"), "mine");
        Files.writeString(dir.resolve("a.log"), lines(0, 3));
        Files.writeString(dir.resolve("b.log"), lines(3, 6));

        settleAndWork(open(Done.TRACK));

        assertThat(log.numbers()).isEqualTo(numbers(0, 6));
        assertThat(secret).hasContent("root:x:0:0\n");
        assertThat(tracker.resolve("b.log.COMPLETED")).hasContent("mine");
        assertThat(Files.readString(tracker.resolve("a.log.1.COMPLETED"))).startsWith("3 lines, ");
        assertThat(Files.readString(tracker.resolve("b.log.1.COMPLETED"))).startsWith("3 lines, ");
    }

    @Test
    void a_tracker_or_quarantine_that_is_a_link_out_of_the_folder_is_not_written_to() throws Exception {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Files.createSymbolicLink(dir.resolve(".tidegate"), elsewhere);
        Files.createSymbolicLink(dir.resolve(".quarantine"), elsewhere);
        Files.writeString(dir.resolve("a.log"), lines(0, 3));
        Files.write(dir.resolve("b.gz"), Arrays.copyOf(gzip(lines(5, 9)), 20));
        SpoolScanner spool = open(Done.TRACK);
        settleAndWork(spool);

        FileScanner.Look look = log.work(spool);

        assertThat(names(elsewhere)).isEmpty();
        assertThat(names(dir)).contains("a.log", "b.gz");
        assertThat(look.troubles()).hasSize(2).allMatch(trouble -> trouble.contains("can't put away"));
        assertThat(log.numbers()).isEqualTo(numbers(0, 3));
    }

    @Test
    void renaming_writes_over_nothing_not_even_a_link_that_leads_nowhere() throws Exception {
        Files.createSymbolicLink(dir.resolve("a.log.COMPLETED"), folder.resolve("nothing"));
        Files.writeString(dir.resolve("a.log"), lines(0, 3));

        settleAndWork(open(Done.RENAME));

        assertThat(Files.isSymbolicLink(dir.resolve("a.log.COMPLETED"))).isTrue();
        assertThat(folder.resolve("nothing")).doesNotExist();
        assertThat(dir.resolve("a.log.1.COMPLETED")).hasContent(lines(0, 3));
    }

    @Test
    void the_reason_of_a_bad_file_is_not_written_over_a_bad_file_of_that_name() throws Exception {
        byte[] cut = Arrays.copyOf(gzip(lines(5, 9)), 20);
        byte[] other = Arrays.copyOf(gzip(lines(15, 19)), 21);
        Files.write(dir.resolve("a.reason"), cut);
        settleAndWork(open(Done.RENAME));
        Files.write(dir.resolve("a"), other);

        settleAndWork(open(Done.RENAME));

        Path quarantine = dir.resolve(".quarantine");
        assertThat(names(quarantine)).containsExactly("a.1", "a.1.reason", "a.reason", "a.reason.reason");
        assertThat(quarantine.resolve("a.reason")).hasBinaryContent(cut);
        assertThat(quarantine.resolve("a.1")).hasBinaryContent(other);
    }

    @Test
    void names_of_any_bytes_are_read_put_away_and_told_apart() throws Exception {
        // Latin-1, another that the same text stands for, UTF-8, and a line feed.
        Files.writeString(bytes("j%E4nner.log"), lines(0, 2));
        Files.writeString(bytes("j%F6nner.log"), lines(2, 4));
        Files.writeString(bytes("j%C3%A4nner.log"), lines(4, 6));
        Files.writeString(bytes("a%0Ab.log"), lines(6, 8));
        Files.write(bytes("%FF.gz"), Arrays.copyOf(gzip(lines(5, 9)), 20));

        FileScanner.Look look = settleAndWork(open(Done.RENAME));

        assertThat(look.troubles()).isEmpty();
        assertThat(log.numbers()).containsExactlyInAnyOrderElementsOf(numbers(0, 8));
        assertThat(bytes("j%E4nner.log.COMPLETED")).hasContent(lines(0, 2));
        assertThat(bytes("j%F6nner.log.COMPLETED")).hasContent(lines(2, 4));
        assertThat(bytes("j%C3%A4nner.log.COMPLETED")).hasContent(lines(4, 6));
        assertThat(bytes("a%0Ab.log.COMPLETED")).exists();
        assertThat(bytes(".quarantine/%FF.gz.reason")).exists();
        assertThat(FileNames.shown(bytes("a%0Ab.log"))).isEqualTo(dir + "/a%0Ab.log");
        assertThat(FileNames.shown(bytes("j%E4nner.log"))).isEqualTo(dir + "/j%E4nner.log");
        assertThat(FileNames.of(bytes("j%C3%A4nner.log"))).isEqualTo("j\u00e4nner.log");
    }

    @Test
    void a_hole_of_nul_bytes_in_front_of_a_line_is_skipped() throws Exception {
        Files.writeString(dir.resolve("a.log"), "\0".repeat(300_000) + line(0) + "\0\0" + line(1) + "a\0b\n\0");

        settleAndWork(open(Done.RENAME));

        assertThat(log.numbers()).containsExactly(0, 1);
        assertThat(log.deadLetters)
                .singleElement()
                .satisfies(letter -> assertThat(new String(letter.raw(), UTF_8)).isEqualTo("a\0b"));
    }

    @Test
    void gzip_of_several_members_is_read_to_its_end() throws Exception {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.write(gzip(lines(0, 2)));
        both.write(gzip(lines(2, 4)));
        Files.write(dir.resolve("multi.log.gz"), both.toByteArray());

        settleAndWork(open(Done.RENAME));

        assertThat(log.numbers()).isEqualTo(numbers(0, 4));
        assertThat(names(dir)).containsExactly("multi.log.gz.COMPLETED");
    }

    @Test
    void what_stands_behind_the_end_of_gzip_hides_nothing_and_repeats_nothing() throws Exception {
        ByteArrayOutputStream garbage = new ByteArrayOutputStream();
        garbage.write(gzip(lines(0, 2)));
        garbage.write("garbage\0\0".getBytes(UTF_8));
        Files.write(dir.resolve("garbage.log.gz"), garbage.toByteArray());
        settleAndWork(open(Done.RENAME));
        assertThat(log.numbers()).isEqualTo(numbers(0, 2));
        assertThat(names(dir)).containsExactly("garbage.log.gz.COMPLETED");
        Files.move(dir.resolve("garbage.log.gz.COMPLETED"), dir.resolve("garbage.log.gz"));

        settleAndWork(open(Done.RENAME));

        assertThat(log.numbers()).isEqualTo(numbers(0, 2));
    }

    @Test
    void files_that_begin_alike_and_empty_ones_are_files_of_their_own() throws Exception {
        Files.writeString(dir.resolve("a.log"), lines(0, 1));
        Files.writeString(dir.resolve("b.log"), lines(0, 1) + line(1));
        Files.writeString(dir.resolve("e1.log"), "");
        Files.writeString(dir.resolve("e2.log"), "");

        settleAndWork(open(Done.RENAME));

        assertThat(log.numbers()).containsExactlyInAnyOrder(0, 0, 1);
        assertThat(log.deadLetters).isEmpty();
        assertThat(names(dir))
                .containsExactly("a.log.COMPLETED", "b.log.COMPLETED", "e1.log.COMPLETED", "e2.log.COMPLETED");
    }

    /** In the folder, by bytes: no text of a path stands for them in every locale. */
    private Path bytes(String escaped) {
        return Path.of(URI.create("file://" + dir + "/" + escaped));
    }

    private SpoolScanner open(Done done) {
        Rules rules = new Rules(
                List.of("*"),
                List.of(),
                SETTLE,
                done,
                ".COMPLETED",
                ".tidegate",
                ".quarantine",
                50,
                ManualSource.rules());
        return new SpoolScanner(
                new SpoolSettings("access", dir, rules), log.state(), ManualSource.DECODERS, log.meters, log.clocks());
    }

    private FileScanner.Look settleAndWork(SpoolScanner spool) {
        spool.look();
        log.passes(SETTLE);
        return log.work(spool);
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return List.copyOf(new TreeSet<>(
                    files.map(file -> String.valueOf(file.getFileName())).toList()));
        }
    }
}
