package io.tidegate.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static final String ROOT = "io.tidegate.gateway";

    private static final JavaClasses GATEWAY = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    @Test
    void the_packages_follow_the_way_of_an_event() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage(ROOT + "..")
                .layer("guardian")
                .definedBy(ROOT)
                .layer("ops")
                .definedBy(ROOT + ".ops..")
                .layer("ingest")
                .definedBy(ROOT + ".ingest..")
                .layer("serve")
                .definedBy(ROOT + ".serve..")
                .layer("admission")
                .definedBy(ROOT + ".admission..")
                .layer("decode")
                .definedBy(ROOT + ".decode..")
                .layer("log")
                .definedBy(ROOT + ".log..")
                .layer("http")
                .definedBy(ROOT + ".http..")
                .whereLayer("guardian")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("ops")
                .mayOnlyBeAccessedByLayers("guardian")
                .whereLayer("ingest")
                .mayOnlyBeAccessedByLayers("guardian", "ops")
                .whereLayer("serve")
                .mayOnlyBeAccessedByLayers("guardian", "ops")
                .whereLayer("admission")
                .mayOnlyBeAccessedByLayers("guardian", "ops", "ingest", "serve")
                .whereLayer("decode")
                .mayOnlyBeAccessedByLayers("guardian", "ops", "ingest", "admission")
                .whereLayer("log")
                .mayOnlyBeAccessedByLayers("guardian", "ops", "ingest", "serve", "admission")
                .whereLayer("http")
                .mayOnlyBeAccessedByLayers("guardian", "ops", "ingest")
                .check(GATEWAY);
    }

    @Test
    void no_two_packages_need_each_other() {
        slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(GATEWAY);
    }

    @Test
    void no_source_knows_another() {
        slices().matching(ROOT + ".ingest.(*)..")
                .should()
                .notDependOnEachOther()
                .check(GATEWAY);
    }

    @Test
    void nobody_below_main_sees_a_configuration_file() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(ROOT + ".Main")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.typesafe.config..")
                .check(GATEWAY);
    }

    @Test
    void spark_is_not_here() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.spark..", "io.tidegate.spark..", "io.tidegate.processor..")
                .check(GATEWAY);
    }

    @Test
    void decoders_are_pure() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".decode..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("akka..", "io.tidegate.mqtt..", "java.net..", "java.io.File")
                .check(GATEWAY);
    }

    @Test
    void only_the_transport_knows_the_mqtt_client() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.eclipse.paho..")
                .check(GATEWAY);
    }

    @Test
    void only_the_log_knows_its_database() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".log..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.rocksdb..")
                .check(GATEWAY);
    }

    @Test
    void only_serving_knows_grpc() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".serve..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.grpc..")
                .check(GATEWAY);
    }
}
