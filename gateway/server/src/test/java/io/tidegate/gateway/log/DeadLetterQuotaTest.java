package io.tidegate.gateway.log;

import static io.tidegate.gateway.log.LogFixture.NOW_MS;
import static io.tidegate.gateway.log.LogFixture.chunk;
import static io.tidegate.gateway.log.LogFixture.deadLetters;
import static io.tidegate.gateway.log.LogFixture.write;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dead letters take a tenth of the log's quota at most, here of 1 MiB. */
class DeadLetterQuotaTest {

    private static final int RAW = 10_000;

    @TempDir
    private Path folder;

    @Test
    void the_oldest_go_at_once_when_a_tenth_of_the_quota_is_full_and_are_counted_as_expired() throws Exception {
        try (LogStore store = LogFixture.openSmall(folder)) {
            for (int i = 0; i < 50; i++) {
                store.append(List.of(deadLetters(letter(i), letter(i))));
                assertThat(store.deadLetterBytes()).isLessThanOrEqualTo((1 << 20) / 10);
            }
            checkNewest(store, 100);
            assertThat(store.deadLetterCounts().get("not-json")).isEqualTo(100);
        }
        try (LogStore store = LogFixture.openSmall(folder)) {
            checkNewest(store, 100);
            assertThat(store.deadLetterBytes()).isBetween(RAW * 10L, (1L << 20) / 10);
        }
    }

    @Test
    void of_one_commit_that_has_more_than_that_the_newest_are_kept() throws Exception {
        try (LogStore store = LogFixture.openSmall(folder)) {
            store.append(List.of(deadLetters(letter(0))));
            store.append(List.of(deadLetters(
                    IntStream.range(1, 60).mapToObj(DeadLetterQuotaTest::letter).toArray(DeadLetter[]::new))));

            checkNewest(store, 60);
        }
    }

    @Test
    void events_have_the_quota_first_and_dead_letters_what_they_leave() throws Exception {
        try (LogStore store = LogFixture.openSmall(folder)) {
            IntStream.range(0, 10).forEach(i -> store.append(List.of(deadLetters(letter(i)))));
            long next = 0;
            while (store.full().isEmpty()) {
                write(store, chunk(0, next, 500, NOW_MS));
                next += 500;
            }
            assertThat(store.bytes()).isGreaterThanOrEqualTo(1 << 20);
            LogFixture.expire(store, NOW_MS);

            // What is kept in any case: a hundredth of the quota, which has room for one of them.
            assertThat(store.deadLetters(Long.MAX_VALUE, 200).retained()).isEqualTo(1);
            assertThat(store.ledger().retained()).isEqualTo(next);
        }
    }

    @Test
    void a_disk_that_is_short_of_room_costs_dead_letters_and_no_event() throws Exception {
        LogSettings usual = LogFixture.small(folder);
        LogSettings noRoom = new LogSettings(
                folder,
                usual.maxBytes(),
                usual.whenFull(),
                Long.MAX_VALUE,
                usual.minRetention(),
                usual.commitInterval(),
                usual.trimInterval(),
                usual.maxDeadLetters(),
                usual.deadLetterRetention());
        try (LogStore store = RocksLogStore.open(noRoom, 2, "g1")) {
            write(store, chunk(0, 0, 5, NOW_MS));
            IntStream.range(0, 10).forEach(i -> store.append(List.of(deadLetters(letter(i)))));
            LogFixture.group(store, store.registerGroup("app").group());
            LogFixture.expire(store, NOW_MS);

            assertThat(store.deadLetters(Long.MAX_VALUE, 200).retained()).isEqualTo(1);
            assertThat(store.ledger().retained()).isEqualTo(5);
        }
    }

    /** Ten of 10,000 bytes and their headers are less than a tenth of 1 MiB, eleven are more. */
    private static void checkNewest(LogStore store, long all) {
        DeadLetterPage page = store.deadLetters(Long.MAX_VALUE, 200);
        assertThat(page.entries())
                .extracting(DeadLetterPage.Entry::number)
                .containsExactlyElementsOf(
                        IntStream.range(0, 10).mapToObj(i -> all - 1 - i).toList());
        assertThat(page.retained()).isEqualTo(10);
        assertThat(page.expired()).isEqualTo(all - 10);
    }

    private static DeadLetter letter(int number) {
        return new DeadLetter(NOW_MS, "mqtt", "t", "not-json", "" + number, "json", new byte[RAW], RAW);
    }
}
