package io.tidegate.simulator.run;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tidegate.settings.InvalidSettings;
import io.tidegate.simulator.fleet.Pace;
import io.tidegate.simulator.web.LineOutlet;
import io.tidegate.simulator.web.Replay;
import io.tidegate.simulator.web.WebRun;
import io.tidegate.simulator.web.WebSummary;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidegate simulator replay FILE}. */
@Command(
        name = "replay",
        description = {
            "Plays a web server's access log again, byte for byte and in its order, with its own timing.",
            "A name that ends in .gz is unpacked."
        },
        sortOptions = false)
public final class ReplayCommand implements Callable<Integer> {
    private static final int WRONG_USAGE = 2;
    private static final int WRONG_CONFIGURATION = 78;

    @Parameters(paramLabel = "FILE", description = "a log in the common or combined format")
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

    @Option(names = "--config", paramLabel = "F", description = "settings (HOCON) over the defaults")
    private @Nullable Path config;

    @Option(names = "--help", usageHelp = true, description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean help;

    private final CountDownLatch stop;

    /** Runs until the latch falls. */
    public ReplayCommand(CountDownLatch stop) {
        this.stop = stop;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (speed < 0 || !Files.isReadable(file)) {
            System.err.println(
                    file + " --speed " + speed + " (expected: a file that can be read, a speed of 0 or more)");
            return WRONG_USAGE;
        }
        SimulatorSettings settings;
        try {
            settings = SimulatorSettings.load(
                    config, to == null ? Map.of() : Map.of("web.to", to.toLowerCase(Locale.ROOT)));
        } catch (InvalidSettings e) {
            System.err.println(e.getMessage());
            return WRONG_CONFIGURATION;
        }
        try (BufferedReader log = new BufferedReader(new InputStreamReader(open(), ISO_8859_1))) {
            LineOutlet outlet = LineOutlets.open(settings);
            System.err.println("playing " + file + " to " + outlet.target());
            WebSummary summary = new WebRun(outlet).send(new Replay(log, speed), Pace.realTime(stop));
            System.out.println(summary);
            return summary.failed() == 0 ? 0 : 1;
        } catch (IOException e) {
            System.err.println(e);
            return 1;
        }
    }

    private InputStream open() throws IOException {
        InputStream bytes = Files.newInputStream(file);
        return file.toString().endsWith(".gz") ? new GZIPInputStream(bytes) : bytes;
    }
}
