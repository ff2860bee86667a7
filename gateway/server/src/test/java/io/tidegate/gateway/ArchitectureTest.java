package io.tidegate.gateway;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static final JavaClasses GATEWAY = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.tidegate.gateway");

    @Test
    void nobody_below_main_sees_a_configuration_file() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("io.tidegate.gateway.Main")
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
                .resideInAPackage("..gateway.decode..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "akka..",
                        "..gateway.log..",
                        "..gateway.source..",
                        "io.tidegate.mqtt..",
                        "java.net..",
                        "java.io.File")
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
                .resideOutsideOfPackage("..gateway.log..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.rocksdb..")
                .check(GATEWAY);
    }

    @Test
    void the_log_knows_nobody_above_it() {
        noClasses()
                .that()
                .resideInAPackage("..gateway.log..")
                .should()
                .dependOnClassesThat(resideInAPackage("io.tidegate.gateway..")
                        .and(com.tngtech.archunit.base.DescribedPredicate.not(
                                resideInAPackage("io.tidegate.gateway.log.."))))
                .check(GATEWAY);
    }

    @Test
    void sources_and_consumers_do_not_know_each_other() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "..gateway.source..", "..gateway.files..", "..gateway.decode..", "..gateway.presence..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("..gateway.consumer..", "..gateway.pull..")
                .check(GATEWAY);
    }

    @Test
    void the_guardian_is_used_by_main_only() {
        classes()
                .that()
                .haveSimpleName("Gateway")
                .should()
                .onlyBeAccessed()
                .byAnyPackage("io.tidegate.gateway")
                .check(GATEWAY);
    }
}
