package io.tidegate.simulator.run;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidegate.settings.InvalidSettings;
import io.tidegate.simulator.fleet.CsvRows;
import io.tidegate.simulator.fleet.MqttPublisher;
import io.tidegate.simulator.fleet.VirtualClock;
import io.tidegate.simulator.scenario.CsvMapping;
import io.tidegate.simulator.scenario.CsvReplay;
import io.tidegate.simulator.scenario.ProcessingBarrier;
import io.tidegate.simulator.scenario.ScenarioRun;
import io.tidegate.simulator.web.LineSink;
import io.tidegate.simulator.web.LogReplay;
import io.tidegate.simulator.web.WebRun;
import io.tidegate.simulator.web.WebSummary;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidegate simulator replay FILE}. */
@Command(
        name = "replay",
        description = {
            "Plays a web server's access log again, byte for byte and in its order, with its own timing;",
            "or, where the name ends in .csv, sensor data: each row is a message on sensors/{device}.",
            "A name that ends in .gz is unpacked."
        },
        sortOptions = false)
public final class ReplayCommand implements Callable<Integer> {
    private static final Pattern CSV = Pattern.compile("\\.csv(\\.gz)?$", Pattern.CASE_INSENSITIVE);

    @Parameters(paramLabel = "FILE", description = "a log in the common or combined format, or a .csv")
    @SuppressWarnings("NullAway.Init") // picocli fills it
    private Path file;

    @Option(
            names = "--speed",
            paramLabel = "N",
            defaultValue = "1",
            description = "how many times faster than it was; 0: as fast as it is taken (default: ${DEFAULT-VALUE})")
    private double speed = 1;

    @Option(names = "--to", paramLabel = "T", description = "mqtt, http, spool or file: as the setting web.to")
    private @Nullable String to;

    @ArgGroup(heading = "For a CSV file:%n", exclusive = false)
    private CsvOptions csv = new CsvOptions();

    @Mixin
    private SettingsOption settings = new SettingsOption();

    private final CountDownLatch stop;

    /** Runs until the latch falls. */
    public ReplayCommand(CountDownLatch stop) {
        this.stop = stop;
    }

    @Override
    public Integer call() throws InvalidSettings, InterruptedException {
        if (speed < 0 || !Files.isReadable(file)) {
            System.err.println(
                    file + " --speed " + speed + " (expected: a file that can be read, a speed of 0 or more)");
            return ExitCode.USAGE;
        }
        SimulatorSettings read = settings.load(to == null ? Map.of() : Map.of("web.to", to.toLowerCase(Locale.ROOT)));
        try {
            return CSV.matcher(file.toString()).find() ? playCsv(read) : playLog(read);
        } catch (CsvMapping.Mistake e) {
            System.err.println(e.getMessage());
            return ExitCode.USAGE;
        } catch (IOException | CsvRows.Unreadable e) {
            System.err.println(file + ": " + e.getMessage());
            return 1;
        }
    }

    private int playLog(SimulatorSettings read) throws IOException, InterruptedException {
        try (BufferedReader log = new BufferedReader(new InputStreamReader(open(), ISO_8859_1))) {
            LineSink sink = WebTraffic.open(read);
            System.err.println("playing " + file + " to " + sink.target());
            WebSummary summary = new WebRun(sink).send(new LogReplay(log, speed), VirtualClock.realTime(stop));
            System.out.println(summary);
            return summary.failed() == 0 ? 0 : 1;
        }
    }

    private int playCsv(SimulatorSettings read) throws IOException, InterruptedException, CsvMapping.Mistake {
        try (BufferedReader text = new BufferedReader(new InputStreamReader(open(), UTF_8))) {
            CsvReplay rows = new CsvReplay(new CsvRows(text), csv.mapping(file), speed);
            System.err.println("playing " + file + " to " + read.mqtt().broker());
            ScenarioRun run =
                    new ScenarioRun(() -> MqttPublisher.openAll(read.mqtt()), ProcessingBarrier.pause(Duration.ZERO));
            ScenarioRun.Summary summary = run.take(rows, VirtualClock.realTime(stop));
            System.out.println(summary + (rows.skipped() == 0 ? "" : " · rows left out " + rows.skipped()));
            return summary.isComplete() && rows.skipped() == 0 ? 0 : 1;
        }
    }

    private InputStream open() throws IOException {
        InputStream bytes = Files.newInputStream(file);
        return file.toString().endsWith(".gz") ? new GZIPInputStream(bytes) : bytes;
    }
}
