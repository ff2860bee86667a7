package io.tidegate.spark;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private final JavaClasses connector = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.tidegate.spark");

    @Test
    void neither_akka_nor_the_netty_of_spark_is_used() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("akka..", "io.netty..")
                .check(connector);
    }

    @Test
    void pulling_events_and_publishing_results_know_nothing_of_each_other() {
        noClasses()
                .that()
                .resideInAPackage("io.tidegate.spark")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.tidegate.spark.mqtt..", "io.tidegate.mqtt..")
                .check(connector);
        noClasses()
                .that()
                .resideInAPackage("io.tidegate.spark.mqtt..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.tidegate.spark", "io.tidegate.protocol.v1..")
                .check(connector);
    }

    @Test
    void the_data_source_knows_no_receiver_and_no_sink_and_the_tables_know_neither() {
        noClasses()
                .that()
                .resideInAPackage("io.tidegate.spark.sql..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.tidegate.spark.mqtt..",
                        "io.tidegate.spark.jdbc..",
                        "io.tidegate.spark.sink..",
                        "org.apache.spark.streaming..")
                .check(connector);
        noClasses()
                .that()
                .resideInAPackage("io.tidegate.spark.table..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.tidegate.spark", "io.tidegate.spark.sql..", "io.grpc..")
                .check(connector);
    }
}
