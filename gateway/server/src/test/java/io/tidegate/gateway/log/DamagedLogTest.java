package io.tidegate.gateway.log;

import static io.tidegate.gateway.log.LogFixture.NOW_MS;
import static io.tidegate.gateway.log.LogFixture.chunk;
import static io.tidegate.gateway.log.LogFixture.upTo;
import static io.tidegate.gateway.log.LogFixture.values;
import static io.tidegate.gateway.log.LogFixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A copy of the folder of a running store is what kill -9 leaves; the tests damage the copy. */
class DamagedLogTest {

    private static final int COMMITS = 20;

    @TempDir
    private Path folder;

    @TempDir
    private Path killed;

    @BeforeEach
    void a_store_that_was_killed() throws Exception {
        try (LogStore store = LogFixture.open(folder)) {
            for (int i = 0; i < COMMITS; i++) {
                write(store, chunk(0, 10L * i, 10, NOW_MS));
            }
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.copy(file, killed.resolve(file.getFileName().toString()));
                }
            }
        }
    }

    @Test
    void kill_minus_9_loses_nothing_that_was_written() throws Exception {
        try (LogStore store = LogFixture.open(killed)) {
            assertThat(values(store, 0)).isEqualTo(upTo(10 * COMMITS));
        }
    }

    @Test
    void a_torn_end_costs_the_torn_commit_alone() throws Exception {
        try (RandomAccessFile wal = new RandomAccessFile(wal().toFile(), "rw")) {
            wal.setLength(wal.length() - 7);
        }

        try (LogStore store = LogFixture.open(killed)) {
            assertThat(values(store, 0)).isEqualTo(upTo(10 * (COMMITS - 1)));
            write(store, chunk(0, 10L * (COMMITS - 1), 10, NOW_MS));
            assertThat(values(store, 0)).isEqualTo(upTo(10 * COMMITS));
        }
    }

    @Test
    void a_damaged_middle_is_refused_wherever_it_is() throws Exception {
        byte[] good = Files.readAllBytes(wal());
        for (int part = 2; part <= 8; part++) {
            byte[] bad = good.clone();
            bad[good.length * part / 10] ^= 0x55;
            Files.write(wal(), bad);

            assertThatThrownBy(() -> LogFixture.open(killed).close())
                    .as("damage at %s/10 of the write-ahead log", part)
                    .asInstanceOf(type(LogRefused.class))
                    .satisfies(refused -> assertThat(refused.reason()).isEqualTo(LogRefused.Reason.DAMAGED))
                    .satisfies(refused -> assertThat(refused.exitCode()).isEqualTo(1));
        }
    }

    @Test
    void a_chunk_that_is_missing_is_never_skipped() throws Exception {
        try (Columns columns = Columns.open(killed);
                org.rocksdb.WriteBatch batch = new org.rocksdb.WriteBatch()) {
            batch.delete(columns.chunks, Codec.chunkKey(0, 50));
            columns.write(batch, true);
        }

        try (LogStore store = LogFixture.open(killed)) {
            assertThatThrownBy(() -> values(store, 0))
                    .isInstanceOf(LogFailure.class)
                    .hasMessageContaining("no chunk holds offset 50");
            assertThatThrownBy(() -> store.read(0, 45, 70, Long.MAX_VALUE)).isInstanceOf(LogFailure.class);
        }
    }

    private Path wal() throws IOException {
        try (Stream<Path> files = Files.list(killed)) {
            List<Path> logs = files.filter(file -> file.getFileName().toString().matches("\\d+\\.log"))
                    .toList();
            assertThat(logs).hasSize(1);
            return logs.get(0);
        }
    }
}
