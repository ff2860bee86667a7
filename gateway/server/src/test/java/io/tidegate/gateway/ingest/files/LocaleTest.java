package io.tidegate.gateway.ingest.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.ingest.files.SpoolSettings.Done;
import io.tidegate.gateway.ingest.files.TailSettings.From;
import io.tidegate.gateway.ingest.files.TailSettings.Log;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both kinds of sources in a process of a locale that knows ASCII only, as systemd, cron and containers start them. */
class LocaleTest {

    @TempDir
    private Path folder;

    @Test
    void under_the_locale_c_names_that_are_not_ascii_are_read_and_put_away_as_all_others() throws Exception {
        Path spool = Files.createDirectory(folder.resolve("spool"));
        Path logs = Files.createDirectory(folder.resolve("logs"));
        Files.writeString(bytes(spool, "zugriff-j%C3%A4nner.log"), ManualSource.line(0));
        Files.writeString(bytes(spool, "plain.log"), ManualSource.line(1));
        Files.writeString(bytes(logs, "zugriff-j%C3%A4nner.log"), ManualSource.line(2));
        Files.writeString(bytes(logs, "plain.log"), ManualSource.line(3));

        assertThat(run(spool, logs)).endsWith("[0, 1, 2, 3] []\n");

        assertThat(bytes(spool, "zugriff-j%C3%A4nner.log.COMPLETED")).exists();
        assertThat(bytes(spool, "plain.log.COMPLETED")).exists();
    }

    private static String run(Path spool, Path logs) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Program.class.getName(),
                spool.toString(),
                logs.toString());
        builder.environment().putAll(Map.of("LC_ALL", "C", "LANG", "C"));
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    private static Path bytes(Path folder, String escaped) {
        return Path.of(URI.create("file://" + folder + "/" + escaped));
    }

    /** Reads a spool directory and a folder of logs, and prints the numbers of the lines and what troubles it. */
    static final class Program {

        private Program() {}

        public static void main(String[] args) {
            ManualSource log = new ManualSource();
            SpoolSettings.Rules rules = new SpoolSettings.Rules(
                    List.of("*"),
                    List.of(),
                    Duration.ZERO,
                    Done.RENAME,
                    ".COMPLETED",
                    ".tidegate",
                    ".quarantine",
                    9,
                    ManualSource.rules());
            SpoolSettings settings = new SpoolSettings("access", Path.of(args[0]), rules);
            FileScanner.Look last =
                    log.work(new SpoolScanner(settings, log.state(), ManualSource.DECODERS, log.meters, log.clocks()));
            TailSettings ofLogs = new TailSettings(
                    "live",
                    List.of(new Log(Path.of(args[1]), "*.log"), new Log(Path.of(args[1]), "plain.log")),
                    new TailSettings.Rules(From.START, Duration.ZERO, 5, ManualSource.rules()));
            try (TailScanner tail =
                    new TailScanner(ofLogs, log.state(), ManualSource.DECODERS, log.meters, log.clocks())) {
                last.troubles().forEach(System.out::println);
                last = log.work(tail);
            }
            System.out.println(log.numbers().stream().sorted().toList() + " " + last.troubles());
        }
    }
}
