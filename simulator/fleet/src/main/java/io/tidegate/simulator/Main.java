package io.tidegate.simulator;

import io.tidegate.settings.InvalidSettings;
import io.tidegate.simulator.cli.DurationConverter;
import io.tidegate.simulator.demo.DemoCommand;
import io.tidegate.simulator.load.LoadCommand;
import io.tidegate.simulator.load.SubscriberCommand;
import io.tidegate.simulator.run.ReplayCommand;
import io.tidegate.simulator.run.RunCommand;
import io.tidegate.simulator.verify.VerifyCommand;
import io.tidegate.simulator.watch.WatchCommand;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * The simulator's entry point; {@code ./tidegate} calls it.
 *
 * <p>Exit codes: 0 done, 1 failed while running, 2 wrong usage, 78 wrong configuration.
 */
@Command(name = "tidegate", description = "Publishes a fleet, shows results, starts the whole chain.")
public final class Main {
    private static final int WRONG_CONFIGURATION = 78;
    private static final OptionSpec HELP = OptionSpec.builder("--help")
            .usageHelp(true)
            .description("Show this help.")
            .build();
    private static final Set<String> OF_SIMULATOR = Set.of("run", "replay", "verify", "load");

    private Main() {}

    /** Runs a subcommand; the arguments are its name and its options. */
    public static void main(String[] args) {
        Termination.exitWith(stop -> commandLine(stop).execute(args));
    }

    /** The commands, all of which end when the latch falls. */
    static CommandLine commandLine(CountDownLatch stop) {
        CommandLine line = new CommandLine(new Main());
        List.of(
                        new RunCommand(stop),
                        new ReplayCommand(stop),
                        new VerifyCommand(stop),
                        new LoadCommand(stop),
                        new SubscriberCommand(stop),
                        new WatchCommand(stop),
                        new DemoCommand(stop))
                .forEach(line::addSubcommand);
        line.getSubcommands().forEach((name, command) -> {
            CommandSpec spec = command.getCommandSpec();
            if (!spec.usageMessage().hidden()) {
                spec.addOption(HELP);
            }
            if (OF_SIMULATOR.contains(name)) {
                spec.name("simulator " + name); // as it is typed
            }
        });
        return line.registerConverter(Duration.class, new DurationConverter())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(Main::failed);
    }

    private static int failed(Exception failure, CommandLine command, ParseResult parsed) throws Exception {
        if (failure instanceof InvalidSettings) {
            System.err.println(failure.getMessage());
            return WRONG_CONFIGURATION;
        }
        if (failure instanceof IOException) {
            System.err.println(failure.getMessage());
            return ExitCode.SOFTWARE;
        }
        if (failure instanceof InterruptedException) {
            System.err.println("stopped before the end");
            return ExitCode.SOFTWARE;
        }
        throw failure;
    }
}
