package io.tidegate.simulator.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderSizeTest {
    @TempDir
    private Path folder;

    @Test
    void files_of_all_levels_add_up() throws Exception {
        Files.write(folder.resolve("a"), new byte[1_000]);
        Files.write(Files.createDirectories(folder.resolve("b/c")).resolve("d"), new byte[24]);

        assertThat(FolderSize.of(folder)).isEqualTo(1_024);
    }

    @Test
    void a_folder_that_is_not_there_has_nothing() throws Exception {
        assertThat(FolderSize.of(folder.resolve("none"))).isZero();
    }
}
