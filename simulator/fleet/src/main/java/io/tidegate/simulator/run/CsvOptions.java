package io.tidegate.simulator.run;

import io.tidegate.simulator.scenario.CsvMapping;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the columns of a CSV file are. */
final class CsvOptions {

    @Option(
            names = "--device",
            paramLabel = "NAME",
            description = "the device that all rows belong to (default: the file's name up to its first dot)")
    private @Nullable String device;

    @Option(names = "--device-column", paramLabel = "C", description = "the column that names the device")
    private @Nullable String deviceColumn;

    @Option(names = "--time", paramLabel = "C", description = "the column that says when (default: the first)")
    private @Nullable String time;

    @Option(
            names = "--time-format",
            paramLabel = "F",
            defaultValue = "iso",
            description = {
                "iso (2013-12-02 21:15:00, a T and an offset where there is one), epoch-s, epoch-ms",
                "or a pattern such as 'dd.MM.uuuu HH:mm:ss' (default: ${DEFAULT-VALUE})"
            })
    private String timeFormat = "iso";

    @Option(
            names = "--zone",
            paramLabel = "Z",
            defaultValue = "UTC",
            description = "where times without an offset were read off the clock (default: ${DEFAULT-VALUE})")
    private ZoneId zone = ZoneId.of("UTC");

    @Option(
            names = "--metric",
            paramLabel = "C=NAME",
            description =
                    "a column and its metric's name; may be repeated (default: all other columns, by their names)")
    private Map<String, String> metrics = new LinkedHashMap<>();

    CsvMapping mapping(Path file) {
        String name = String.valueOf(file.getFileName());
        return new CsvMapping(
                device == null ? name.substring(0, name.indexOf('.')) : device,
                Optional.ofNullable(deviceColumn),
                Optional.ofNullable(time),
                timeFormat,
                zone,
                metrics);
    }
}
