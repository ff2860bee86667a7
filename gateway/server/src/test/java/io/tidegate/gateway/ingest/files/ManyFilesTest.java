package io.tidegate.gateway.ingest.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.Heap;
import io.tidegate.gateway.ingest.files.ManualSource.Fuse;
import io.tidegate.gateway.ingest.files.SpoolSettings.Done;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many files that are ready at once: only the one that is being read holds buffers. */
class ManyFilesTest {

    private static final Duration SETTLE = Duration.ofSeconds(2);
    /** With a buffer of 128 KiB each they would hold 75 MiB. */
    private static final int FILES = 600;

    private static final long LITTLE = 32L << 20;

    private final ManualSource log = new ManualSource();

    @TempDir
    private Path folder;

    @BeforeEach
    void filesOfOneLine() throws IOException {
        for (int i = 0; i < FILES; i++) {
            Files.writeString(folder.resolve(i + ".log"), ManualSource.line(i));
        }
    }

    @Test
    void of_a_spool_hold_little_before_and_after_each_is_read_and_every_line_comes_once() {
        SpoolSettings settings = new SpoolSettings(
                "access",
                folder,
                new SpoolSettings.Rules(
                        List.of("*.log"),
                        List.of(),
                        SETTLE,
                        Done.RENAME,
                        ".COMPLETED",
                        ".tidegate",
                        ".quarantine",
                        5,
                        ManualSource.rules()));
        try (SpoolScanner spool =
                new SpoolScanner(settings, log.state(), ManualSource.DECODERS, log.meters, log.clocks())) {
            spool.look();
            log.passes(SETTLE);

            readWithLittle(spool);
        }
    }

    @Test
    void of_logs_that_grow_hold_little_before_and_after_each_is_read_and_every_line_comes_once() {
        TailSettings settings = new TailSettings(
                "live",
                List.of(new TailSettings.Log(folder, "*.log")),
                new TailSettings.Rules(TailSettings.From.START, SETTLE, 100, ManualSource.rules()));
        try (TailScanner tail =
                new TailScanner(settings, log.state(), ManualSource.DECODERS, log.meters, log.clocks())) {
            readWithLittle(tail);
        }
    }

    private void readWithLittle(FileScanner watch) {
        long before = Heap.used();
        FileScanner.Look look = watch.look();
        assertThat(look.found()).hasSizeGreaterThanOrEqualTo(FILES);
        assertThat(Heap.used() - before).isLessThan(LITTLE);

        List<LineBatch> pieces = new ArrayList<>();
        for (BatchReader reading : look.found()) {
            while (reading.more()) {
                pieces.add(reading.next(1_790_000_000_000L));
            }
            reading.close();
        }
        assertThat(Heap.used() - before).isLessThan(LITTLE);
        assertThat(look.found()).noneMatch(BatchReader::more);

        assertThat(log.commit(pieces, Fuse.endless())).isTrue();
        log.work(watch);
        assertThat(log.numbers()).containsExactlyInAnyOrderElementsOf(ManualSource.numbers(0, FILES));
    }
}
