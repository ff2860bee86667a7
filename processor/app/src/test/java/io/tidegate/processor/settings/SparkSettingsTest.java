package io.tidegate.processor.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.settings.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SparkSettingsTest {

    @Test
    void sql_has_times_in_utc_and_null_for_an_impossible_cast_wherever_it_runs(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("processor.conf");
        Files.writeString(file, "tidegate.processor.queries = [{ name = q, kind = counts, from = readings }]");
        ProcessorSettings settings =
                ProcessorSettings.from(Settings.load(ProcessorSettings.root(), file, Map.of(), new Properties()));

        SparkConf conf = SparkSettings.complete(SparkSettings.given("local[2]"), settings, Duration.ofSeconds(1));

        assertThat(conf.get("spark.sql.session.timeZone")).isEqualTo("UTC");
        assertThat(conf.get("spark.sql.ansi.enabled")).isEqualTo("false");
    }
}
