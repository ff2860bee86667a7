package io.tidegate.simulator;

import io.tidegate.simulator.demo.DemoCommand;
import io.tidegate.simulator.load.LoadCommand;
import io.tidegate.simulator.load.SubscriberCommand;
import io.tidegate.simulator.run.ReplayCommand;
import io.tidegate.simulator.run.RunCommand;
import io.tidegate.simulator.verify.VerifyCommand;
import io.tidegate.simulator.watch.WatchCommand;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IFactory;

/**
 * The simulator's entry point; {@code ./tidegate} calls it.
 *
 * <p>Exit codes: 0 done, 1 failed while running, 2 wrong usage, 78 wrong configuration.
 */
@Command(
        name = "tidegate",
        description = "Publishes a fleet, shows results, starts the whole chain.",
        subcommands = {
            RunCommand.class,
            ReplayCommand.class,
            VerifyCommand.class,
            LoadCommand.class,
            SubscriberCommand.class,
            WatchCommand.class,
            DemoCommand.class
        })
public final class Main {
    private static final Set<String> OF_SIMULATOR = Set.of("run", "replay", "verify", "load");

    private Main() {}

    /** Runs a subcommand; the arguments are its name and its options. */
    public static void main(String[] args) {
        Termination.exitWith(stop -> commandLine(stop).execute(args));
    }

    /** The commands, all of which end when the latch falls. */
    static CommandLine commandLine(CountDownLatch stop) {
        CommandLine line = new CommandLine(new Main(), new Commands(stop)).setCaseInsensitiveEnumValuesAllowed(true);
        line.getSubcommands().forEach((name, command) -> {
            if (OF_SIMULATOR.contains(name)) {
                command.getCommandSpec().name("simulator " + name); // as it is typed
            }
        });
        return line;
    }

    /** Hands the latch to the commands. */
    private record Commands(CountDownLatch stop) implements IFactory {
        @Override
        public <K> K create(Class<K> type) throws Exception {
            if (type == RunCommand.class) {
                return type.cast(new RunCommand(stop));
            }
            if (type == ReplayCommand.class) {
                return type.cast(new ReplayCommand(stop));
            }
            if (type == VerifyCommand.class) {
                return type.cast(new VerifyCommand(stop));
            }
            if (type == LoadCommand.class) {
                return type.cast(new LoadCommand(stop));
            }
            if (type == SubscriberCommand.class) {
                return type.cast(new SubscriberCommand(stop));
            }
            if (type == WatchCommand.class) {
                return type.cast(new WatchCommand(stop));
            }
            if (type == DemoCommand.class) {
                return type.cast(new DemoCommand(stop));
            }
            return CommandLine.defaultFactory().create(type);
        }
    }
}
