package io.tidegate.processor.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.processor.result.ResultMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultFilesTest {

    private static final long BATCH = 1_763_805_660_000L; // 2025-11-22T10:01:00Z

    @TempDir
    Path folder;

    @Test
    void the_results_of_a_query_and_batch_are_lines_of_one_file() throws IOException {
        ResultFiles.write(folder, "visitors", BATCH, List.of(message("t/b", 1), message("t/a", 2), message("t/b", 3)));

        assertThat(files()).containsExactly("visitors/2025-11-22/" + BATCH + ".jsonl");
        assertThat(folder.resolve("visitors/2025-11-22/" + BATCH + ".jsonl")).hasContent("""
                {"n":2,"t":"ü"}
                {"n":1,"t":"ü"}
                {"n":3,"t":"ü"}
                """);
    }

    @Test
    void a_batch_that_runs_again_replaces_its_file_and_what_a_crash_left_unfinished() throws IOException {
        ResultFiles.write(folder, "q", BATCH, List.of(message("t/a", 1), message("t/b", 2)));
        Path file = folder.resolve("q/2025-11-22/" + BATCH + ".jsonl");
        byte[] before = Files.readAllBytes(file);
        Files.writeString(file.resolveSibling("." + BATCH + ".jsonl.tmp"), "{\"n\":1,\"t\"");
        Files.writeString(
                file, "something that is longer than the whole of it, to be replaced and not overwritten, ....");

        ResultFiles.write(folder, "q", BATCH, List.of(message("t/b", 2), message("t/a", 1)));

        assertThat(file).hasBinaryContent(before);
        assertThat(files()).hasSize(1);
    }

    @Test
    void what_can_not_be_written_is_named() throws IOException {
        Files.writeString(folder.resolve("q"), "a file where a folder should be");

        assertThatThrownBy(() -> ResultFiles.write(folder, "q", BATCH, List.of(message("t", 1))))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("query q")
                .hasMessageContaining(BATCH + ".jsonl");
    }

    private static ResultMessage message(String topic, int n) {
        return new ResultMessage(topic, true, "{\"n\":" + n + ",\"t\":\"ü\"}");
    }

    private List<String> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .toList();
        }
    }
}
