package io.tidegate.processor.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointFolderTest {

    private static final Fingerprint MADE = Fingerprint.of(Map.of("batch-interval", "1s", "queries.a", "kind=totals"));
    private static final Fingerprint OTHER = Fingerprint.of(Map.of("batch-interval", "2s", "queries.b", "kind=counts"));

    @TempDir
    Path folder;

    @Test
    void the_same_fingerprint_is_admitted_again() throws Exception {
        try (CheckpointFolder checkpoint = CheckpointFolder.open(folder)) {
            checkpoint.admit(MADE);
            checkpoint.admit(MADE);
        }
        try (CheckpointFolder checkpoint = CheckpointFolder.open(folder)) {
            checkpoint.admit(MADE);
        }
    }

    @Test
    void another_fingerprint_is_refused_naming_each_difference_and_both_ways_out() throws Exception {
        try (CheckpointFolder checkpoint = CheckpointFolder.open(folder)) {
            checkpoint.admit(MADE);

            assertThatThrownBy(() -> checkpoint.admit(OTHER))
                    .isInstanceOf(RefusedCheckpointException.class)
                    .hasMessageContaining("batch-interval: the checkpoint has 1s, now it is 2s")
                    .hasMessageContaining("queries.a: the checkpoint has kind=totals, now it is none")
                    .hasMessageContaining("queries.b: the checkpoint has none, now it is kind=counts")
                    .hasMessageContaining("restore the settings")
                    .hasMessageContaining("--fresh");
        }
    }

    @Test
    void a_checkpoint_without_a_fingerprint_is_refused() throws Exception {
        try (CheckpointFolder checkpoint = CheckpointFolder.open(folder)) {
            checkpointAt(checkpoint);

            assertThatThrownBy(() -> checkpoint.admit(MADE)).hasMessageContaining("missing beside a checkpoint");
        }
    }

    @Test
    void a_fingerprint_that_cant_be_read_is_refused() throws Exception {
        Files.writeString(folder.resolve("fingerprint.json"), "{ not json");
        try (CheckpointFolder checkpoint = CheckpointFolder.open(folder)) {
            assertThatThrownBy(() -> checkpoint.admit(MADE))
                    .isInstanceOf(RefusedCheckpointException.class)
                    .hasMessageContaining("can't be read");
        }
    }

    @Test
    void fresh_sets_state_and_fingerprint_aside_and_deletes_nothing() throws Exception {
        try (CheckpointFolder checkpoint = CheckpointFolder.open(folder)) {
            checkpoint.admit(MADE);
            checkpointAt(checkpoint);

            checkpoint.setAside(Clock.fixed(Instant.parse("2026-11-22T10:00:00Z"), ZoneOffset.UTC));

            assertThat(checkpoint.hasCheckpoint()).isFalse();
            checkpoint.admit(OTHER);
        }
        assertThat(folder.resolve("set-aside-20261122-100000-000/spark/checkpoint-1000"))
                .exists();
        assertThat(folder.resolve("set-aside-20261122-100000-000/fingerprint.json"))
                .content()
                .contains("kind=totals");
    }

    @Test
    void the_state_of_streams_can_be_moved_away_by_hand_and_queries_in_sql_go_on() throws Exception {
        try (CheckpointFolder checkpoint = CheckpointFolder.open(folder)) {
            checkpoint.admit(MADE);
            checkpointAt(checkpoint);
            checkpoint.admit("hours", MADE);
        }
        Path old = Files.createDirectory(folder.resolve("old"));
        Files.move(folder.resolve("spark"), old.resolve("spark"));
        Files.move(folder.resolve("fingerprint.json"), old.resolve("fingerprint.json"));

        try (CheckpointFolder checkpoint = CheckpointFolder.open(folder)) {
            assertThat(checkpoint.hasCheckpoint()).isFalse();
            checkpoint.admit(OTHER);
            checkpoint.admit("hours", MADE);
            assertThatThrownBy(() -> checkpoint.admit("hours", OTHER)).hasMessageContaining("a state of query hours");
        }
    }

    @Test
    void a_folder_that_somebody_works_in_is_refused() throws Exception {
        try (CheckpointFolder checkpoint = CheckpointFolder.open(folder)) {
            assertThat(checkpoint.hasCheckpoint()).isFalse();
            assertThatThrownBy(() -> CheckpointFolder.open(folder)).hasMessageContaining("in use by another processor");
        }
        CheckpointFolder.open(folder).close();
    }

    @Test
    void folders_that_spark_left_empty_are_swept_and_no_others() throws Exception {
        Path spark = Files.createDirectories(folder.resolve("spark"));
        Path empty = Files.createDirectory(spark.resolve("0f8fad5b-d9cb-469f-a165-70867728950e"));
        Path used = Files.createDirectories(spark.resolve("7c9e6679-7425-40de-944b-e07fc1f90ae7/rdd-1"));
        Path metadata = Files.createDirectory(spark.resolve("receivedBlockMetadata"));

        CheckpointFolder.open(folder).close();

        try (Stream<Path> left = Files.list(spark)) {
            assertThat(left).containsExactlyInAnyOrder(used.getParent(), metadata);
        }
        assertThat(empty).doesNotExist();
    }

    private static void checkpointAt(CheckpointFolder checkpoint) throws IOException {
        Files.createDirectories(checkpoint.spark());
        Files.writeString(checkpoint.spark().resolve("checkpoint-1000"), "state");
    }
}
