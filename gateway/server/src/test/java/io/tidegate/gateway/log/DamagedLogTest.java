package io.tidegate.gateway.log;

import static io.tidegate.gateway.log.LogFixture.NOW_MS;
import static io.tidegate.gateway.log.LogFixture.chunk;
import static io.tidegate.gateway.log.LogFixture.upTo;
import static io.tidegate.gateway.log.LogFixture.values;
import static io.tidegate.gateway.log.LogFixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.tidegate.junit.Seed;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** R2 of the fault catalogue: damage in a log, or its end missing. The tests damage a copy of a running store's folder. */
class DamagedLogTest {

    private static final int COMMITS = 20;

    @TempDir
    private Path folder;

    @TempDir
    private Path killed;

    // The update before the last commit was synced, and what the write-ahead log held then.
    private byte[] markBefore = new byte[0];
    private int sizeBefore;

    @BeforeEach
    void a_store_that_was_killed() throws Exception {
        try (LogStore store = LogFixture.open(folder)) {
            for (int i = 0; i < COMMITS; i++) {
                if (i == COMMITS - 1) {
                    markBefore = Disk.update(folder);
                    sizeBefore = (int) Files.size(wal(folder));
                }
                write(store, chunk(0, 10L * i, 10, NOW_MS));
            }
            Disk.copy(folder, killed);
        }
    }

    @Test
    void kill_minus_9_loses_nothing_that_was_written() throws Exception {
        try (LogStore store = LogFixture.open(killed)) {
            assertThat(values(store, 0)).isEqualTo(upTo(10 * COMMITS));
        }
    }

    @Test
    void an_end_that_nobody_was_told_of_may_be_cut_anywhere() throws Exception {
        byte[] all = Files.readAllBytes(wal(killed));
        for (int size = sizeBefore; size < all.length; size += 53) {
            Path crashed = Disk.copy(killed, folder.resolve("cut-" + size));
            Disk.putMark(crashed, markBefore);
            Files.write(wal(crashed), Arrays.copyOf(all, size));

            assertGoesOnBehind(COMMITS - 1, crashed);
        }
    }

    @Test
    void an_end_that_nobody_was_told_of_may_be_zeroed_or_torn_anywhere() throws Exception {
        byte[] all = Files.readAllBytes(wal(killed));
        for (int from = sizeBefore; from < all.length; from += 97) {
            Path crashed = Disk.copy(killed, folder.resolve("torn-" + from));
            Disk.putMark(crashed, markBefore);
            byte[] torn = all.clone();
            Arrays.fill(torn, from, from % 2 == 0 ? torn.length : Math.min(torn.length, from + 64), (byte) 0);
            Files.write(wal(crashed), torn);

            assertGoesOnBehind(COMMITS - 1, crashed);
        }
    }

    /**
     * Garbage whose seventh byte says "of a recycled log": the database itself would read it again and again, for ever.
     * Found by {@link CrashModelTest}.
     */
    @ParameterizedTest
    @ValueSource(bytes = {5, 6, 7, 8, 11})
    void an_end_that_nobody_was_told_of_may_look_like_a_recycled_log(byte kind) throws Exception {
        byte[] garbage = new byte[300];
        Seed.of("recycled " + kind).random().nextBytes(garbage);
        garbage[6] = kind;
        byte[] all = Files.readAllBytes(wal(killed));
        Path crashed = Disk.copy(killed, folder.resolve("recycled"));
        Disk.putMark(crashed, markBefore);
        byte[] torn = Arrays.copyOf(all, sizeBefore + garbage.length);
        System.arraycopy(garbage, 0, torn, sizeBefore, garbage.length);
        Files.write(wal(crashed), torn);

        assertGoesOnBehind(COMMITS - 1, crashed);
    }

    @ParameterizedTest
    @ValueSource(bytes = {5, 6, 7, 8, 11})
    void a_block_behind_the_first_may_look_like_a_recycled_log(byte kind) throws Exception {
        try (LogStore store = LogFixture.open(killed)) {
            Path crashed = folder.resolve("recycled");
            byte[] update = Disk.update(killed);
            write(store, chunk(0, 10L * COMMITS, 2_000, NOW_MS));
            Disk.copy(killed, crashed);
            Disk.putMark(crashed, update);
            try (RandomAccessFile file = new RandomAccessFile(wal(crashed).toFile(), "rw")) {
                assertThat(file.length()).isGreaterThan(33_000);
                byte[] garbage = new byte[(int) file.length() - 32_768];
                Seed.of("recycled " + kind).random().nextBytes(garbage);
                garbage[6] = kind;
                file.seek(32_768);
                file.write(garbage);
            }

            assertGoesOnBehind(COMMITS, crashed);
        }
    }

    @Test
    void an_acknowledged_record_that_became_one_of_a_recycled_log_is_refused() throws Exception {
        byte[] bad = Files.readAllBytes(wal(killed));
        assertThat(bad[sizeBefore + 6]).isEqualTo((byte) 1);
        bad[sizeBefore + 6] ^= 4;
        Files.write(wal(killed), bad);

        assertDamaged(killed, "");
    }

    private static void assertGoesOnBehind(int commits, Path crashed) throws Exception {
        try (LogStore store = LogFixture.open(crashed)) {
            assertThat(values(store, 0)).as(crashed.toString()).isEqualTo(upTo(10 * commits));
            write(store, chunk(0, 10L * commits, 10, NOW_MS));
        }
        try (LogStore store = LogFixture.open(crashed)) {
            assertThat(values(store, 0)).isEqualTo(upTo(10 * (commits + 1)));
        }
    }

    @Test
    void an_acknowledged_end_that_was_cut_off_is_refused() throws Exception {
        byte[] all = Files.readAllBytes(wal(killed));
        Files.write(wal(killed), Arrays.copyOf(all, all.length - 7));

        assertDamaged(killed, "which was acknowledged");
    }

    @Test
    void an_acknowledged_end_whose_length_is_damaged_is_refused() throws Exception {
        byte[] bad = Files.readAllBytes(wal(killed));
        // The record's length: the database takes a longer one than there is for a cut end.
        bad[sizeBefore + 5] ^= 0x40;
        Files.write(wal(killed), bad);

        assertDamaged(killed, "which was acknowledged");
    }

    @Test
    void an_acknowledged_end_that_is_zeroed_is_refused() throws Exception {
        byte[] bad = Files.readAllBytes(wal(killed));
        Arrays.fill(bad, sizeBefore, bad.length, (byte) 0);
        Files.write(wal(killed), bad);

        assertDamaged(killed, "which was acknowledged");
    }

    @Test
    void a_damaged_middle_is_refused_wherever_it_is_even_when_the_mark_is_old() throws Exception {
        byte[] good = Files.readAllBytes(wal(killed));
        Disk.putMark(killed, markOf(1));
        for (int part = 2; part <= 8; part++) {
            byte[] bad = good.clone();
            bad[good.length * part / 10] ^= 0x55;
            Files.write(wal(killed), bad);

            assertDamaged(killed, "can't be opened without losing events");
        }
    }

    @Test
    void a_log_that_is_gone_beside_its_mark_is_not_begun_anew() throws Exception {
        Files.delete(killed.resolve("CURRENT"));

        assertDamaged(killed, "");
        assertThat(wal(killed)).exists();
    }

    @Test
    void a_mark_that_cannot_be_read_is_refused_and_without_one_the_log_is_taken_as_it_is() throws Exception {
        Disk.putMark(killed, new byte[1_024]);
        assertDamaged(killed, "DURABLE is damaged");

        Files.delete(killed.resolve(SyncedCommits.FILE));
        kill_minus_9_loses_nothing_that_was_written();
    }

    @Test
    void a_chunk_that_is_missing_is_never_skipped() throws Exception {
        try (RocksDatabase columns = RocksDatabase.open(killed, 1 << 20)) {
            columns.commit(batch -> batch.delete(columns.chunks, Codec.chunkKey(0, 50)));
        }

        try (LogStore store = LogFixture.open(killed)) {
            assertThatThrownBy(() -> values(store, 0))
                    .isInstanceOf(LogFailure.class)
                    .hasMessageContaining("no chunk holds offset 50");
            assertThatThrownBy(() -> store.read(0, 45, 70, Long.MAX_VALUE)).isInstanceOf(LogFailure.class);
        }
    }

    @Test
    void a_key_group_whose_end_is_missing_is_refused() throws Exception {
        try (RocksDatabase columns = RocksDatabase.open(killed, 1 << 20)) {
            columns.commit(batch -> batch.delete(columns.chunks, Codec.chunkKey(0, 10L * (COMMITS - 1))));
        }

        assertDamaged(killed, "key group 0 ends at 190 (expected: 200, which was acknowledged)");
    }

    private static void assertDamaged(Path log, String words) {
        assertThatThrownBy(() -> LogFixture.open(log).close())
                .asInstanceOf(type(LogRefused.class))
                .satisfies(refused -> assertThat(refused.reason()).isEqualTo(LogRefused.Reason.DAMAGED))
                .satisfies(refused -> assertThat(refused.exitCode()).isEqualTo(1))
                .satisfies(refused -> assertThat(refused).hasMessageContaining(words));
    }

    private byte[] markOf(long commits) throws IOException, LogRefused {
        Path other = Files.createDirectories(folder.resolve("update"));
        try (SyncedCommits update = SyncedCommits.open(other)) {
            update.raise(commits);
        }
        return Disk.update(other);
    }

    private static Path wal(Path log) throws IOException {
        try (Stream<Path> files = Files.list(log)) {
            List<Path> logs = files.filter(file -> file.getFileName().toString().matches("\\d+\\.log"))
                    .toList();
            assertThat(logs).hasSize(1);
            return logs.get(0);
        }
    }
}
