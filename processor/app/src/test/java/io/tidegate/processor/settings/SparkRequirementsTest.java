package io.tidegate.processor.settings;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.processor.Main;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** D2 of the fault catalogue; that a job has no checkpoint folder is refused by {@link io.tidegate.processor.settings.ProcessorSettingsTest}. */
class SparkRequirementsTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spark.speculation=true",
                "spark.dynamicAllocation.enabled=true",
                "spark.streaming.dynamicAllocation.enabled=true",
                "spark.cores.max=1",
                "spark.master=local[1]"
            })
    void the_processor_does_not_start_with_what_can_not_work(String setting) throws IOException {
        int equals = setting.indexOf('=');
        String key = setting.substring(0, equals);
        Path file = folder.resolve("processor.conf");
        Files.writeString(file, "tidegate.processor.queries = [{ name = q, kind = counts, from = readings }]");
        PrintStream before = System.err;
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        System.setProperty(key, setting.substring(equals + 1));
        System.setErr(new PrintStream(told, true, UTF_8));
        try {
            assertThat(new CommandLine(new Main()).execute("--config", file.toString()))
                    .isEqualTo(78);
        } finally {
            System.setErr(before);
            System.clearProperty(key);
        }
        assertThat(told.toString(UTF_8)).contains(key.replace("spark.master", "master") + ": given", "expected: ");
    }

    @Test
    void the_default_master_has_a_core_for_the_receiver_and_two_for_the_work() {
        assertThat(SparkRequirements.defaultMaster(1)).isEqualTo("local[3]");
        assertThat(SparkRequirements.defaultMaster(8)).isEqualTo("local[8]");
    }

    @Test
    void cores_are_counted_for_every_kind_of_local_master() {
        assertThat(SparkRequirements.cores("local", 8)).isEqualTo(OptionalInt.of(1));
        assertThat(SparkRequirements.cores("local[2]", 8)).isEqualTo(OptionalInt.of(2));
        assertThat(SparkRequirements.cores("local[*, 3]", 8)).isEqualTo(OptionalInt.of(8));
        assertThat(SparkRequirements.cores("local-cluster[2,3,1024]", 8)).isEqualTo(OptionalInt.of(6));
        assertThat(SparkRequirements.cores("spark://host:7077", 8)).isEmpty();
    }

    @Test
    void too_few_cores_are_refused_with_what_would_do() {
        assertThat(SparkRequirements.refusals(conf("local"), 8))
                .singleElement()
                .asString()
                .contains("given local ")
                .contains("local[2]");
        assertThat(SparkRequirements.refusals(conf("local[*]"), 1)).hasSize(1);
        assertThat(SparkRequirements.refusals(conf("local[2]"), 1)).isEmpty();
        assertThat(SparkRequirements.refusals(conf("spark://h:1").set("spark.cores.max", "1"), 8))
                .singleElement()
                .asString()
                .contains("spark.cores.max");
    }

    @Test
    void speculation_and_dynamic_allocation_are_refused_by_name_and_all_at_once() {
        SparkConf conf = conf("local[1]")
                .set("spark.speculation", "true")
                .set("spark.dynamicAllocation.enabled", "true")
                .set("spark.streaming.dynamicAllocation.enabled", "true");

        assertThat(SparkRequirements.refusals(conf, 8))
                .hasSize(4)
                .anyMatch(line -> line.startsWith("spark.speculation:"));
    }

    private static SparkConf conf(String master) {
        return new SparkConf(false).setMaster(master);
    }
}
