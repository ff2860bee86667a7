package io.tidegate.gateway.ingest.files;

import static io.tidegate.gateway.ingest.files.ManualSource.gzip;
import static io.tidegate.gateway.ingest.files.ManualSource.line;
import static io.tidegate.gateway.ingest.files.ManualSource.lines;
import static io.tidegate.gateway.ingest.files.ManualSource.numbers;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.ingest.files.TailSettings.From;
import io.tidegate.gateway.ingest.files.TailSettings.Log;
import io.tidegate.gateway.ingest.files.TailSettings.Rules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log that grows and is rotated, with real files, the gateway's log and time by hand. */
class TailScannerTest {

    private static final Duration SETTLE = Duration.ofSeconds(5);
    private static final String W3C = "#Fields: date time c-ip cs-method cs-uri-stem sc-status sc-bytes\n";

    private final ManualSource log = new ManualSource();
    private TailScanner tail;
    private int maxOpen = 100;

    @TempDir
    private Path folder;

    private Path live;

    @BeforeEach
    void aSource() {
        live = folder.resolve("access.log");
        tail = open(From.START, "access.log");
    }

    @AfterEach
    void letGo() {
        tail.close();
    }

    @Test
    void what_is_appended_is_read_and_a_line_without_its_end_waits() throws Exception {
        append(lines(0, 3) + line(3).substring(0, 20));
        log.work(tail);
        assertThat(log.numbers()).isEqualTo(numbers(0, 3));
        log.passes(SETTLE.multipliedBy(10));
        log.work(tail);
        assertThat(log.numbers()).isEqualTo(numbers(0, 3));

        append(line(3).substring(20) + lines(4, 6));
        log.work(tail);

        assertThat(log.numbers()).isEqualTo(numbers(0, 6));
        assertThat(log.events).allMatch(event -> event.getRequest().getHost().equals("www1"));
    }

    @Test
    void after_a_restart_it_goes_on_where_it_was() throws Exception {
        append(lines(0, 3) + line(3).substring(0, 20));
        log.work(tail);
        restart();
        append(line(3).substring(20) + line(4));

        log.work(tail);

        assertThat(log.numbers()).isEqualTo(numbers(0, 5));
    }

    @Test
    void from_the_end_only_what_comes_is_read_with_its_number_in_the_file_and_the_directives_before_it()
            throws Exception {
        append(W3C + "2026-11-23 07:40:02 203.0.113.9 GET /0 200 12\nhalf ");
        tail = reopened(From.END, "access.log");
        log.work(tail);
        assertThat(log.events).isEmpty();

        append("a line\n2026-11-23 07:40:02 203.0.113.9 GET /1 200 12\n");
        log.work(tail);
        restart(From.END, "access.log");
        append("2026-11-23 07:40:02 203.0.113.9 GET /2 200 12\n");
        log.work(tail);

        assertThat(log.numbers()).containsExactly(1, 2);
        assertThat(log.deadLetters)
                .singleElement()
                .satisfies(letter -> assertThat(letter.number()).isEqualTo(3));
    }

    @Test
    void from_the_end_a_log_that_comes_later_is_read_whole_also_when_it_came_while_nobody_looked() throws Exception {
        restart(From.END, "access.log");
        log.work(tail);
        restart(From.END, "access.log");
        append(lines(0, 3));

        log.work(tail);

        assertThat(log.numbers()).isEqualTo(numbers(0, 3));
    }

    @Test
    void a_log_that_is_renamed_is_read_until_it_is_quiet_and_the_new_one_from_its_beginning() throws Exception {
        append(lines(0, 3));
        log.work(tail);
        append(lines(3, 5));
        Path old = Files.move(live, folder.resolve("access.log.1"));
        append(lines(7, 9));
        log.work(tail);
        assertThat(log.numbers()).containsExactly(0, 1, 2, 3, 4, 7, 8);
        Files.writeString(old, line(5) + line(6).stripTrailing(), APPEND);
        log.work(tail);
        log.passes(SETTLE.minusMillis(1));
        log.work(tail);
        assertThat(log.numbers()).containsExactly(0, 1, 2, 3, 4, 7, 8, 5);
        log.passes(Duration.ofMillis(1));
        log.work(tail);

        assertThat(log.numbers()).containsExactly(0, 1, 2, 3, 4, 7, 8, 5, 6);
        assertThat(log.files("rotated")).isEqualTo(1);
        assertThat(log.files("lost")).isZero();
        log.work(tail);
        assertThat(log.state).as("begun, the old log and the new one").hasSize(3);
    }

    @Test
    void a_log_that_is_copied_and_truncated_is_finished_in_its_copy() throws Exception {
        append(lines(0, 3));
        log.work(tail);
        append(lines(3, 5));
        copytruncate("access.log.1");
        append(lines(5, 6));
        log.work(tail);
        log.passes(SETTLE);
        log.work(tail);
        log.work(tail);
        append(lines(6, 20));
        log.work(tail);

        assertThat(log.numbers()).isEqualTo(numbers(0, 20));
        assertThat(log.state).as("begun, the old log and the new one").hasSize(3);
        assertThat(log.files("lost")).isZero();
    }

    @Test
    void a_log_that_is_truncated_and_has_grown_beyond_where_it_was_is_seen_to_be_another() throws Exception {
        append(lines(0, 30));
        log.work(tail);
        copytruncate("access.log.1");
        append(lines(30, 90));

        log.work(tail);
        log.passes(SETTLE);
        log.work(tail);

        assertThat(log.numbers()).isEqualTo(numbers(0, 90));
    }

    @Test
    void a_log_that_is_truncated_and_grows_again_between_the_look_and_the_reading_is_not_mistaken() throws Exception {
        append(lines(0, 3));
        log.work(tail);
        append(lines(3, 5));
        FileScanner.Look look = tail.look();
        copytruncate("access.log.1");
        append(lines(5, 90));

        for (BatchReader reading : look.found()) {
            while (reading.more()) {
                assertThat(reading.next(0).events().size()).isZero();
            }
        }
        log.work(tail);

        assertThat(log.numbers()).containsExactlyInAnyOrderElementsOf(numbers(0, 90));
    }

    @Test
    void what_copytruncate_itself_loses_is_lost_and_the_loss_of_a_copy_is_counted() throws Exception {
        append(lines(0, 3));
        log.work(tail);
        append(lines(3, 5));
        Files.writeString(live, "", TRUNCATE_EXISTING);
        append(lines(5, 7));
        log.work(tail);

        assertThat(log.numbers()).containsExactly(0, 1, 2, 5, 6);
        assertThat(log.files("lost")).isEqualTo(1);
    }

    @Test
    void a_copy_that_a_glob_matches_is_not_read_from_its_beginning_before_or_after_the_truncation() throws Exception {
        restart(From.START, "access.log*");
        append(lines(0, 30));
        log.work(tail);
        append(lines(30, 35));
        Files.copy(live, folder.resolve("access.log.1"));
        log.work(tail);
        append(lines(35, 37));
        log.work(tail);
        Files.writeString(live, "", TRUNCATE_EXISTING);
        append(lines(37, 40));
        log.work(tail);
        log.passes(SETTLE);
        log.work(tail);

        // 35 and 36 came between the copy and the truncation; they were read before it.
        assertThat(log.numbers()).isEqualTo(numbers(0, 40));
    }

    @Test
    void what_a_glob_matches_is_read_once_under_all_its_names_and_not_when_it_has_been_compressed() throws Exception {
        restart(From.START, "access.log*");
        append(lines(0, 3));
        log.work(tail);
        Files.move(live, folder.resolve("access.log.1"));
        append(lines(3, 5));
        log.work(tail);
        log.passes(SETTLE);
        log.work(tail);
        Files.move(folder.resolve("access.log.1"), folder.resolve("access.log.2"));
        Files.move(live, folder.resolve("access.log.1"));
        append(lines(5, 6));
        restart(From.START, "access.log*");
        log.work(tail);
        log.passes(SETTLE);
        log.work(tail);
        Files.write(folder.resolve("access.log.2.gz"), gzip(Files.readString(folder.resolve("access.log.2"))));
        Files.delete(folder.resolve("access.log.2"));
        log.work(tail);
        restart(From.START, "access.log*");
        log.work(tail);

        assertThat(log.numbers()).isEqualTo(numbers(0, 6));
        assertThat(log.files("lost")).isZero();
        assertThat(log.state).as("begun, and two logs").hasSize(3);
    }

    @Test
    void rotated_while_nobody_looked_it_is_found_by_what_it_is() throws Exception {
        append(lines(0, 3));
        log.work(tail);
        tail.close();
        append(lines(3, 5));
        Files.move(live, folder.resolve("access.log.1"));
        append(lines(5, 6));

        restart();
        log.work(tail);

        assertThat(log.numbers()).isEqualTo(numbers(0, 6));
    }

    @Test
    void copied_and_truncated_while_nobody_looked_it_is_found_as_well() throws Exception {
        append(lines(0, 30));
        log.work(tail);
        tail.close();
        append(lines(30, 35));
        copytruncate("access.log.1");
        append(lines(35, 80));

        restart();
        log.work(tail);

        assertThat(log.numbers()).isEqualTo(numbers(0, 80));
    }

    @Test
    void gone_while_nobody_looked_is_counted_as_lost() throws Exception {
        append(lines(0, 3));
        log.work(tail);
        tail.close();
        Files.delete(live);
        append(lines(3, 4));

        restart();
        log.work(tail);

        assertThat(log.numbers()).isEqualTo(numbers(0, 4));
        assertThat(log.files("lost")).isEqualTo(1);
    }

    @Test
    void a_log_that_is_deleted_and_made_anew_is_read_to_its_end_and_from_its_beginning() throws Exception {
        append(lines(0, 3));
        log.work(tail);
        append(line(3) + line(4).stripTrailing());
        Files.delete(live);
        append(lines(5, 6));
        log.work(tail);
        log.passes(SETTLE);
        log.work(tail);
        log.work(tail);

        assertThat(log.numbers()).containsExactly(0, 1, 2, 3, 5, 4);
        assertThat(log.state).hasSize(2);
    }

    @Test
    void a_line_longer_than_any_block_is_one_dead_letter_also_over_a_restart() throws Exception {
        append(line(0) + "x".repeat(300_000));
        log.work(tail);
        restart();
        log.work(tail);
        append("x".repeat(200_000) + "\n" + line(1));
        log.work(tail);

        assertThat(log.numbers()).containsExactly(0, 1);
        assertThat(log.deadLetters)
                .singleElement()
                .satisfies(letter -> assertThat(letter.length()).isEqualTo(500_000));
    }

    @Test
    void a_folder_or_file_that_is_not_there_is_said_and_picked_up_when_it_comes() throws Exception {
        Path away = folder.resolve("away");
        tail = reopened(From.END, "away/access.log");
        FileScanner.Look look = log.work(tail);
        assertThat(look.blind()).isTrue();
        assertThat(look.troubles()).singleElement().asString().contains("away");

        Files.createDirectory(away);
        assertThat(log.work(tail).troubles()).isEmpty();
        log.passes(SETTLE);
        assertThat(log.work(tail).troubles()).singleElement().asString().contains("no file is there");
        Files.writeString(away.resolve("access.log"), lines(0, 2));

        assertThat(log.work(tail).troubles()).isEmpty();
        assertThat(log.numbers()).isEqualTo(numbers(0, 2));
    }

    @Test
    void two_logs_that_begin_alike_are_two_logs() throws Exception {
        restart(From.START, "*.log");
        Files.writeString(folder.resolve("a.log"), W3C);
        log.work(tail);
        Files.writeString(folder.resolve("b.log"), W3C + "2026-11-23 07:40:02 203.0.113.9 GET /1 200 12\n");
        log.work(tail);
        Files.writeString(folder.resolve("a.log"), "2026-11-23 07:40:02 203.0.113.9 GET /0 200 12\n", APPEND);
        log.work(tail);

        assertThat(log.numbers()).containsExactly(1, 0);
    }

    private void append(String text) throws IOException {
        Files.writeString(live, text, CREATE, APPEND);
    }

    private void copytruncate(String copy) throws IOException {
        Files.copy(live, folder.resolve(copy));
        Files.writeString(live, "", TRUNCATE_EXISTING);
    }

    private void restart() {
        restart(From.START, "access.log");
    }

    private void restart(From from, String... files) {
        tail = reopened(from, files);
    }

    private TailScanner reopened(From from, String... files) {
        tail.close();
        return open(from, files);
    }

    private TailScanner open(From from, String... files) {
        List<Log> logs = Stream.of(files)
                .map(file -> file.startsWith("away/")
                        ? new Log(folder.resolve("away"), file.substring(5))
                        : new Log(folder, file))
                .toList();
        TailSettings settings = new TailSettings("live", logs, new Rules(from, SETTLE, maxOpen, ManualSource.rules()));
        return new TailScanner(settings, log.state(), ManualSource.DECODERS, log.meters, log.clocks());
    }
}
