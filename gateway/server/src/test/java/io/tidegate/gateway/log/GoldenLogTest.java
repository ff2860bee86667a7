package io.tidegate.gateway.log;

import static io.tidegate.gateway.log.LogFixture.NOW_MS;
import static io.tidegate.gateway.log.LogFixture.chunk;
import static io.tidegate.gateway.log.LogFixture.values;
import static io.tidegate.gateway.log.LogFixture.write;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * R9 of the fault catalogue: logs as gateways of each format left them are read, and go on. A file of this kind is never
 * made anew: what it holds was written by the code of its day. A newer format is refused: {@link LogStoreTest}.
 */
class GoldenLogTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"format-1.zip", "format-2.zip"})
    void a_log_of_every_format_is_read_and_goes_on(String golden) throws Exception {
        unpack(golden);

        for (int life = 0; life < 2; life++) {
            try (LogStore store = LogFixture.open(folder)) {
                assertThat(store.oldest(0)).isEqualTo(10);
                assertThat(values(store, 0)).isEqualTo(offsets(10, 60 + life));
                assertThat(values(store, 1)).isEqualTo(offsets(5, 30));
                assertThat(store.tail(1)).isEqualTo(new LogEnd(30, NOW_MS + 2 - 1_000));
                assertThat(store.receivedAtOpen(1)).isEqualTo(NOW_MS + 2);
                assertThat(store.groups())
                        .containsExactly(Map.entry(
                                "processor",
                                new GroupCursors("processor", "run-2", 2, List.of(60L, 30L), List.of(50L, 20L))));
                assertThat(store.presence())
                        .containsExactly(
                                new Presence("d0", PresenceState.ONLINE, NOW_MS, "reading"),
                                new Presence("d1", PresenceState.ONLINE, NOW_MS + 1, "reading"));
                assertThat(store.deadLetters(Long.MAX_VALUE, 9).entries())
                        .extracting(DeadLetterPage.Entry::number)
                        .containsExactly(1L, 0L);
                assertThat(store.ledger().sources().get("mqtt"))
                        .isEqualTo(new Tally(92 + life, 90 + life, 0, 2, 0, 0, 0));
                if (life == 0) {
                    write(store, chunk(0, 60, 1, NOW_MS + 9));
                }
            }
        }
    }

    private static List<Double> offsets(int from, int until) {
        return IntStream.range(from, until).mapToObj(i -> (double) i).toList();
    }

    private void unpack(String golden) throws IOException {
        try (InputStream file = Objects.requireNonNull(GoldenLogTest.class.getResourceAsStream(golden));
                ZipInputStream zip = new ZipInputStream(file)) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Files.copy(zip, folder.resolve(entry.getName()));
            }
        }
    }
}
