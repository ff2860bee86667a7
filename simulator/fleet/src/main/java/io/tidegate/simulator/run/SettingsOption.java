package io.tidegate.simulator.run;

import io.tidegate.settings.InvalidSettings;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --config}: where the simulator's settings are. */
final class SettingsOption {

    @Option(names = "--config", paramLabel = "F", description = "settings (HOCON) over the defaults")
    private @Nullable Path config;

    /** The settings, with what else the command line says by key. */
    SimulatorSettings load(Map<String, String> overrides) throws InvalidSettings {
        return SimulatorSettings.load(config, overrides);
    }
}
