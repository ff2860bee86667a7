package io.tidegate.simulator.cli;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigValueFactory;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Durations on the command line are written as in settings: {@code 500ms}, {@code 20s}, {@code 5m}. */
public final class DurationConverter implements ITypeConverter<Duration> {

    @Override
    public Duration convert(String text) {
        try {
            return ConfigValueFactory.fromAnyRef(text).atKey("duration").getDuration("duration");
        } catch (ConfigException e) {
            throw new TypeConversionException("'" + text + "' is no duration (expected: 500ms, 20s, 5m, 1h)");
        }
    }
}
