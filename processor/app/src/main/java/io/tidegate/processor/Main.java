package io.tidegate.processor;

import io.tidegate.processor.checkpoint.RefusedCheckpoint;
import io.tidegate.settings.InvalidSettings;
import io.tidegate.settings.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.SparkConf;
import org.apache.spark.util.SignalUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The processor as a process. Exit codes: 0 done, 1 failed while running, 2 wrong usage, 78 wrong configuration. */
@Command(
        name = "processor",
        mixinStandardHelpOptions = true,
        versionProvider = Main.VersionText.class,
        description = "Pulls events from the gateway and publishes sessions, totals, windows, counts and rankings.")
public final class Main implements Callable<Integer> {

    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int WRONG_CONFIGURATION = 78;

    @Option(names = "--config", paramLabel = "F", description = "a HOCON file, such as config/processor.conf")
    private @Nullable Path config;

    @Option(
            names = "--master",
            paramLabel = "URL",
            description = "Spark's master; by default local with a core per receiver and at least two more")
    private @Nullable String master;

    @Option(names = "--fresh", description = "set the old state aside and begin at the committed position")
    private boolean fresh;

    @Option(names = "--check", description = "only check the configuration")
    private boolean check;

    /** Runs until it is told to stop. */
    public static void main(String[] arguments) {
        int code = new CommandLine(new Main()).execute(arguments);
        System.exit(code);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        ProcessorSettings settings;
        try {
            settings = ProcessorSettings.from(
                    Settings.load(ProcessorSettings.root(), config, System.getenv(), System.getProperties()));
        } catch (InvalidSettings e) {
            return wrongConfiguration(e.getMessage());
        }
        int processors = Runtime.getRuntime().availableProcessors();
        SparkConf given = SparkSettings.given(master(processors));
        List<String> refusals = Requirements.refusals(given, processors);
        if (!refusals.isEmpty()) {
            return wrongConfiguration(String.join("\n", refusals));
        }
        if (check) {
            System.out.println("the configuration is right");
            return DONE;
        }
        return run(settings, given);
    }

    private Integer run(ProcessorSettings settings, SparkConf given) throws IOException, InterruptedException {
        AtomicReference<@Nullable Processor> running = new AtomicReference<>();
        onSignal("TERM", running);
        onSignal("INT", running);
        try (Processor processor = Processor.start(settings, fresh, Clock.systemUTC())) {
            running.set(processor);
            return processor.run(given) ? DONE : FAILED;
        } catch (RefusedCheckpoint e) {
            return wrongConfiguration(e.getMessage());
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) { // Scala throws checked ones too, unannounced
            Log.OF.error("the processor could not start", e);
            return FAILED;
        }
    }

    /** The master of the command line, of -Dspark.master or spark-submit, or the default. */
    private String master(int processors) {
        if (master != null) {
            return master;
        }
        return System.getProperty("spark.master") == null ? Requirements.defaultMaster(processors) : "";
    }

    private static void onSignal(String signal, AtomicReference<@Nullable Processor> running) {
        SignalUtils.register(signal, () -> {
            Processor processor = running.get();
            if (processor == null || !processor.stop(Main::end)) {
                end();
            }
            return true;
        });
    }

    /** At once, without shutdown hooks: Spark's would wait for what it is doing. */
    private static void end() {
        Runtime.getRuntime().halt(DONE);
    }

    private static int wrongConfiguration(@Nullable String message) {
        System.err.println(message);
        return WRONG_CONFIGURATION;
    }

    /** Made only when something is logged: {@code --help} needs no logging. */
    private static final class Log {
        static final Logger OF = LoggerFactory.getLogger(Main.class);
    }

    /** For {@code --version}. */
    static final class VersionText implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"tidegate processor " + Version.TEXT};
        }
    }
}
