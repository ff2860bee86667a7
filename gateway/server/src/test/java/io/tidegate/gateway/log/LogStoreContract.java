package io.tidegate.gateway.log;

import static io.tidegate.gateway.log.LogFixture.NOW_MS;
import static io.tidegate.gateway.log.LogFixture.chunk;
import static io.tidegate.gateway.log.LogFixture.deadLetters;
import static io.tidegate.gateway.log.LogFixture.settings;
import static io.tidegate.gateway.log.LogFixture.upTo;
import static io.tidegate.gateway.log.LogFixture.values;
import static io.tidegate.gateway.log.LogFixture.write;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.tidegate.protocol.v1.Chunk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What any {@link LogStore} must do. */
abstract class LogStoreContract {

    /** Opens the folder, or begins a new one. */
    abstract LogStore open(LogSettings settings, int keyGroups, String gateway) throws LogRefused;

    @TempDir
    Path folder;

    @Test
    void what_was_written_is_there_after_a_restart() throws Exception {
        try (LogStore store = open(settings(folder), 2, "g1")) {
            write(store, chunk(0, 0, 3, NOW_MS), chunk(1, 0, 2, NOW_MS + 5));
            write(store, chunk(0, 3, 4, NOW_MS + 9));
        }

        try (LogStore store = open(settings(folder), 2, "g1")) {
            assertThat(values(store, 0)).isEqualTo(upTo(7));
            assertThat(values(store, 1)).isEqualTo(upTo(2));
            assertThat(store.tail(0)).isEqualTo(new LogEnd(7, NOW_MS + 9 - 1_000));
            assertThat(store.receivedAtOpen(0)).isEqualTo(NOW_MS + 9);
            assertThat(store.receivedAtOpen()).isEqualTo(NOW_MS + 9);
            assertThat(store.ledger())
                    .isEqualTo(new LogTotals(Map.of("mqtt", new Tally(9, 9, 0, 0, 0, 0, 0)), 9, 0, 9));
            write(store, chunk(0, 7, 1, NOW_MS + 10));
            assertThat(values(store, 0)).isEqualTo(upTo(8));
        }
    }

    @Test
    void a_folder_in_use_is_refused() throws Exception {
        try (LogStore first = open(settings(folder), 2, "g1")) {
            assertRefused(2, "g1", LogRefused.Reason.LOCKED, 78, "in use by another gateway");
            assertThat(first.tail(0).next()).isZero();
        }
    }

    @Test
    void another_number_of_key_groups_or_another_gateway_is_refused() throws Exception {
        open(settings(folder), 2, "g1").close();

        assertRefused(8, "g1", LogRefused.Reason.OTHER_SETTINGS, 78, "key groups: 8 (expected: 2");
        assertRefused(2, "g2", LogRefused.Reason.OTHER_SETTINGS, 78, "gateway id: g2 (expected: g1");
    }

    void assertRefused(int keyGroups, String gateway, LogRefused.Reason reason, int exit, String words) {
        assertThatThrownBy(() -> open(settings(folder), keyGroups, gateway))
                .asInstanceOf(type(LogRefused.class))
                .satisfies(refused -> assertThat(refused.reason()).isEqualTo(reason))
                .satisfies(refused -> assertThat(refused.exitCode()).isEqualTo(exit))
                .satisfies(refused -> assertThat(refused).hasMessageContaining(words));
    }

    @Test
    void a_read_gives_whole_chunks_from_the_one_that_holds_the_first_offset() throws Exception {
        try (LogStore store = open(settings(folder), 2, "g1")) {
            IntStream.range(0, 10).forEach(i -> write(store, chunk(0, 5L * i, 5, NOW_MS + i)));

            ReadResult.Slice slice = (ReadResult.Slice) store.read(0, 12, 21, Long.MAX_VALUE);

            assertThat(slice.next()).isEqualTo(25);
            assertThat(slice.watermarkMs()).isEqualTo(NOW_MS + 4 - 1_000);
            assertThat(firstOffsets(slice)).containsExactly(10L, 15L, 20L);
            assertThat(store.read(0, 50, 60, 1_000)).isEqualTo(new ReadResult.Slice(List.of(), 50, 0));
            assertThat(store.read(1, 0, 60, 1_000)).isEqualTo(new ReadResult.Slice(List.of(), 0, 0));
        }
    }

    @Test
    void a_read_stops_before_the_limit_but_gives_the_first_chunk_in_any_case() throws Exception {
        try (LogStore store = open(settings(folder), 2, "g1")) {
            IntStream.range(0, 10).forEach(i -> write(store, chunk(0, 5L * i, 5, NOW_MS)));
            int size = chunk(0, 20, 5, NOW_MS).bytes().size();

            assertThat(firstOffsets(store.read(0, 20, 50, 1))).containsExactly(20L);
            assertThat(firstOffsets(store.read(0, 20, 50, 2L * size))).containsExactly(20L, 25L);
        }
    }

    private static List<Long> firstOffsets(ReadResult read) {
        return ((ReadResult.Slice) read)
                .chunks().stream()
                        .map(bytes -> {
                            try {
                                return Chunk.parseFrom(bytes).getFirstOffset();
                            } catch (java.io.IOException e) {
                                throw new AssertionError(e);
                            }
                        })
                        .toList();
    }

    @Test
    void trimming_stays_behind_the_slowest_group_and_the_minimum_time_and_survives() throws Exception {
        LogSettings settings = new LogSettings(
                folder,
                64 << 20,
                LogSettings.WhenFull.HOLD,
                0,
                Duration.ofMinutes(1),
                Duration.ZERO,
                Duration.ofSeconds(1),
                1_000,
                Duration.ofDays(1));
        try (LogStore store = open(settings, 2, "g1")) {
            IntStream.range(0, 10).forEach(i -> write(store, chunk(0, 5L * i, 5, NOW_MS + i * 1_000L)));
            store.saveGroup(new GroupCursors("fast", "r", 1, List.of(50L, 0L), List.of(50L, 0L)), false);
            store.saveGroup(new GroupCursors("slow", "r", 1, List.of(50L, 0L), List.of(33L, 0L)), false);

            store.expire(NOW_MS + 60_000 + 3_500);
            assertThat(store.oldest(0)).as("received more than a minute ago").isEqualTo(20);

            store.expire(NOW_MS + 3_600_000);
            assertThat(store.oldest(0))
                    .as("behind the slow group, in whole chunks")
                    .isEqualTo(30);
            assertThat(store.read(0, 29, 50, 1_000)).isEqualTo(new ReadResult.Trimmed(30));
            assertThat(firstOffsets(store.read(0, 30, 50, Long.MAX_VALUE))).containsExactly(30L, 35L, 40L, 45L);
        }

        try (LogStore store = open(settings, 2, "g1")) {
            assertThat(store.oldest(0)).isEqualTo(30);
            assertThat(values(store, 0)).first().isEqualTo(30.0);
            assertThat(store.ledger().trimmed()).isEqualTo(30);
            assertThat(store.ledger().retained()).isEqualTo(20);
            assertThat(store.bytes())
                    .isEqualTo(IntStream.range(6, 10)
                            .map(i -> chunk(0, 5L * i, 5, NOW_MS + i * 1_000L)
                                    .bytes()
                                    .size())
                            .sum());
        }
    }

    @Test
    void the_newest_chunk_is_spared_while_there_is_room_so_that_it_tells_duplicates_after_a_restart() throws Exception {
        try (LogStore store = open(settings(folder), 2, "g1")) {
            write(store, chunk(0, 0, 3, NOW_MS));
            write(store, chunk(0, 3, 3, NOW_MS));

            store.expire(NOW_MS + 1);
        }

        try (LogStore store = open(settings(folder), 2, "g1")) {
            assertThat(store.oldest(0)).isEqualTo(3);
            assertThat(store.tail(0).next()).isEqualTo(6);
        }
    }

    @Test
    void a_new_group_begins_at_the_oldest_retained_event() throws Exception {
        try (LogStore store = open(settings(folder), 2, "g1")) {
            write(store, chunk(0, 0, 3, NOW_MS));
            write(store, chunk(0, 3, 3, NOW_MS));
            store.expire(NOW_MS + 1);

            GroupCursors group = store.registerGroup("late");

            assertThat(group.committed()).containsExactly(3L, 0L);
            assertThat(group.epoch()).isZero();
        }
    }

    @Test
    void groups_survive_and_a_dropped_one_is_counted() throws Exception {
        GroupCursors group = new GroupCursors("app", "run-1", 7, List.of(4L, 5L), List.of(2L, 3L));
        try (LogStore store = open(settings(folder), 2, "g1")) {
            store.saveGroup(group, false);
            store.registerGroup("other");
            store.dropGroup("other");
        }

        try (LogStore store = open(settings(folder), 2, "g1")) {
            assertThat(store.groups()).isEqualTo(Map.of("app", group));
            assertThat(store.droppedGroups()).isEqualTo(1);
        }
    }

    @Test
    void dead_letters_are_listed_newest_first_page_by_page() throws Exception {
        try (LogStore store = open(settings(folder), 2, "g1")) {
            store.append(List.of(
                    deadLetters(letter(0, "not-json"), letter(1, "no-value")), deadLetters(letter(2, "not-json"))));
        }

        try (LogStore store = open(settings(folder), 2, "g1")) {
            DeadLetterPage page = store.deadLetters(Long.MAX_VALUE, 2);
            assertThat(page.entries()).extracting(DeadLetterPage.Entry::number).containsExactly(2L, 1L);
            assertThat(page.entries().get(1).letter()).isEqualTo(letter(1, "no-value"));
            assertThat(page.retained()).isEqualTo(3);
            assertThat(store.deadLetters(1, 2).entries())
                    .extracting(DeadLetterPage.Entry::letter)
                    .containsExactly(letter(0, "not-json"));
            assertThat(store.deadLetters(0, 2).entries()).isEmpty();
            assertThat(store.deadLetterCounts()).isEqualTo(Map.of("not-json", 2L, "no-value", 1L));
        }
    }

    @Test
    void dead_letters_expire_by_number_and_by_age_and_stay_counted() throws Exception {
        LogSettings settings = new LogSettings(
                folder,
                64 << 20,
                LogSettings.WhenFull.HOLD,
                0,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ofSeconds(1),
                3,
                Duration.ofMillis(100));
        try (LogStore store = open(settings, 2, "g1")) {
            IntStream.range(0, 5).forEach(i -> store.append(List.of(deadLetters(letter(i * 50L, "not-json")))));

            store.expire(NOW_MS);
            assertThat(store.deadLetters(Long.MAX_VALUE, 9).retained()).isEqualTo(3);

            store.expire(NOW_MS + 251);
        }

        try (LogStore store = open(settings, 2, "g1")) {
            DeadLetterPage page = store.deadLetters(Long.MAX_VALUE, 9);
            assertThat(page.entries()).extracting(DeadLetterPage.Entry::number).containsExactly(4L);
            assertThat(page.expired()).isEqualTo(4);
            assertThat(store.deadLetterCounts()).isEqualTo(Map.of("not-json", 5L));
            store.append(List.of(deadLetters(letter(9, "not-json"))));
            assertThat(store.deadLetters(Long.MAX_VALUE, 1).entries().get(0).number())
                    .isEqualTo(5);
        }
    }

    @Test
    void a_long_dead_letter_keeps_its_first_64_KiB() {
        DeadLetter letter = new DeadLetter(NOW_MS, "mqtt", "t", "too-long", "", "json", new byte[100_000], 100_000);

        assertThat(letter.raw()).hasSize(65_536);
        assertThat(letter.rawLength()).isEqualTo(100_000);
    }

    @Test
    void presence_survives_and_the_newest_counts() throws Exception {
        Presence online = new Presence("a/#", PresenceState.ONLINE, NOW_MS, "reading");
        Presence silent = new Presence("a/#", PresenceState.SILENT, NOW_MS + 1, "no reading for 60s");
        try (LogStore store = open(settings(folder), 2, "g1")) {
            store.append(List.of(presence(online), presence(silent)));
        }

        try (LogStore store = open(settings(folder), 2, "g1")) {
            assertThat(store.presence()).containsExactly(silent);
        }
    }

    @Test
    void the_quota_says_what_is_full() throws Exception {
        LogSettings small = new LogSettings(
                folder,
                100,
                LogSettings.WhenFull.HOLD,
                0,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ofSeconds(1),
                1_000,
                Duration.ofDays(1));
        try (LogStore store = open(small, 2, "g1")) {
            assertThat(store.full()).isEmpty();
            write(store, chunk(0, 0, 50, NOW_MS));
            assertThat(store.full())
                    .hasValueSatisfying(reason -> assertThat(reason).contains("log.max-bytes: 100"));
        }
    }

    @Test
    void a_closed_store_answers_with_an_exception() throws Exception {
        LogStore store = open(settings(folder), 2, "g1");
        write(store, chunk(0, 0, 1, NOW_MS));
        store.close();
        store.close();

        assertThatThrownBy(() -> store.read(0, 0, 1, 1)).hasMessage("the event log is closed");
    }

    @Test
    void an_append_that_leaves_a_hole_is_a_defect_and_writes_nothing() throws Exception {
        try (LogStore store = open(settings(folder), 2, "g1")) {
            assertThatThrownBy(() -> write(store, chunk(0, 0, 2, NOW_MS), chunk(0, 3, 2, NOW_MS)))
                    .isInstanceOf(LogFailure.class);

            assertThat(values(store, 0)).isEmpty();
        }
    }

    private static LogWrite presence(Presence presence) {
        return new LogWrite("", Tally.ZERO, Optional.empty(), List.of(), List.of(presence));
    }

    private static DeadLetter letter(long at, String reason) {
        byte[] raw = ("{" + at).getBytes(UTF_8);
        return new DeadLetter(NOW_MS + at, "mqtt", "sensors/a/b", reason, "no object", "json", raw, raw.length);
    }
}
