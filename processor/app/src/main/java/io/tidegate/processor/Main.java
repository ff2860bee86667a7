package io.tidegate.processor;

import io.tidegate.processor.checkpoint.RefusedCheckpointException;
import io.tidegate.processor.replay.ReplayRun;
import io.tidegate.processor.settings.ProcessorSettings;
import io.tidegate.processor.settings.SparkRequirements;
import io.tidegate.processor.settings.SparkSettings;
import io.tidegate.processor.settings.Version;
import io.tidegate.settings.InvalidSettings;
import io.tidegate.settings.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;
import org.apache.spark.util.SignalUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The processor as a process. Exit codes: 0 done, 1 failed while running, 2 wrong usage, 78 wrong configuration. */
@Command(
        name = "tidegate processor",
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

    @Option(names = "--queries", paramLabel = "A,B", split = ",", description = "only these queries, by name")
    private List<String> queries = List.of();

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "replay: run the queries over what the gateway received from that time until now, to topics,"
                    + " tables and files of their own, beside a live processor; like 2026-11-22T10:00 (this machine's"
                    + " time zone) or 2026-11-22T09:00:00Z")
    private @Nullable String from;

    @Option(names = "--check", description = "only check the configuration")
    private boolean check;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec command;

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
        List<String> refusals = SparkRequirements.refusals(given, processors);
        if (!refusals.isEmpty()) {
            return wrongConfiguration(String.join("\n", refusals));
        }
        if (check) {
            System.out.println("the configuration is right");
            return DONE;
        }
        ProcessorSettings chosen = queries.isEmpty() ? settings : settings.only(known(settings));
        return from == null ? run(chosen, given) : replay(chosen, given, time(from));
    }

    /** What {@code --queries} names. */
    private Set<String> known(ProcessorSettings settings) {
        Set<String> chosen = queries.stream().map(String::strip).collect(Collectors.toSet());
        if (!settings.names().containsAll(chosen)) {
            throw new ParameterException(
                    command.commandLine(),
                    "--queries: given " + String.join(",", queries) + " (expected: any of "
                            + String.join(", ", settings.names()) + ")");
        }
        return chosen;
    }

    private Instant time(String text) {
        Instant time;
        try {
            time = text.matches(".*T.*(Z|[+-][0-9:]+)")
                    ? OffsetDateTime.parse(text).toInstant()
                    : LocalDateTime.parse(text).atZone(ZoneId.systemDefault()).toInstant();
        } catch (DateTimeParseException e) {
            throw wrongFrom(text, "a time like 2026-11-22T10:00 or 2026-11-22T09:00:00Z");
        }
        if (time.isAfter(Instant.now())) {
            throw wrongFrom(text, "a time that has been; it is " + Instant.now().truncatedTo(ChronoUnit.SECONDS));
        }
        return time;
    }

    private ParameterException wrongFrom(String text, String expected) {
        return new ParameterException(command.commandLine(), "--from: given " + text + " (expected: " + expected + ")");
    }

    private Integer replay(ProcessorSettings settings, SparkConf given, Instant from) {
        if (fresh) {
            throw new ParameterException(
                    command.commandLine(), "--fresh: with --from (expected: not, a replay has no old state)");
        }
        ReplayRun replay;
        try {
            replay = new ReplayRun(settings, from, System.out);
        } catch (IllegalArgumentException e) {
            return wrongConfiguration("replay.name: " + e.getMessage());
        }
        AtomicBoolean stopped = new AtomicBoolean();
        onSignal("TERM", stopped, Thread.currentThread(), settings.stopTimeout());
        onSignal("INT", stopped, Thread.currentThread(), settings.stopTimeout());
        try {
            Optional<String> refusal = replay.refusal();
            if (refusal.isPresent()) {
                return wrongConfiguration(refusal.get());
            }
            replay.run(given);
            return DONE;
        } catch (Exception e) { // Scala throws checked ones too, unannounced
            if (stopped.get()) {
                System.err.println("the replay was stopped before its end: its results are incomplete");
            } else {
                Log.OF.error("the replay has not reached its end", e);
            }
            return FAILED;
        }
    }

    /** Interrupts a replay; the second time, and when it does not end in time, there is no waiting. */
    private static void onSignal(String signal, AtomicBoolean stopped, Thread replay, Duration patience) {
        SignalUtils.register(signal, () -> {
            if (stopped.getAndSet(true)) {
                Runtime.getRuntime().halt(FAILED);
            }
            replay.interrupt();
            Thread watchdog = new Thread(
                    () -> {
                        try {
                            Thread.sleep(patience.toMillis());
                        } catch (InterruptedException e) {
                            return;
                        }
                        Runtime.getRuntime().halt(FAILED);
                    },
                    "stopping");
            watchdog.setDaemon(true);
            watchdog.start();
            return true;
        });
    }

    private Integer run(ProcessorSettings settings, SparkConf given) throws IOException, InterruptedException {
        AtomicReference<@Nullable Processor> running = new AtomicReference<>();
        onSignal("TERM", running);
        onSignal("INT", running);
        try (Processor processor = Processor.start(settings, fresh, Clock.systemUTC())) {
            running.set(processor);
            return processor.run(given) ? DONE : FAILED;
        } catch (RefusedCheckpointException e) {
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
        return System.getProperty("spark.master") == null ? SparkRequirements.defaultMaster(processors) : "";
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
