package io.tidegate.simulator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.tidegate.simulator");

    @Test
    void packages_do_not_use_each_other_in_circles() {
        slices().matching("io.tidegate.simulator.(*)..")
                .should()
                .beFreeOfCycles()
                .check(OURS);
    }

    /** The settings are read as the product reads them: who asks what is no answer, and the product refuses what is wrong. */
    @Test
    void the_oracle_computes_nothing_with_code_of_the_product() {
        noClasses()
                .that()
                .resideInAnyPackage("io.tidegate.simulator.answers..", "io.tidegate.simulator.oracle..")
                .and()
                .doNotHaveSimpleName("QueryFile")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.tidegate.protocol..",
                        "io.tidegate.settings..",
                        "io.tidegate.processor..",
                        "io.tidegate.gateway..")
                .check(OURS);
    }

    /** Over which mqtt and settings the simulator runs is not in what is compared. */
    @Test
    void what_compares_answers_computes_nothing_with_code_of_the_product() {
        noClasses()
                .that()
                .resideInAPackage("io.tidegate.simulator.verify..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.tidegate.protocol..", "io.tidegate.processor..", "io.tidegate.gateway..")
                .check(OURS);
    }

    @Test
    void the_oracle_knows_nothing_of_a_running_system() {
        noClasses()
                .that()
                .resideInAnyPackage("io.tidegate.simulator.answers..", "io.tidegate.simulator.oracle..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.tidegate.mqtt..",
                        "io.tidegate.simulator.local..",
                        "io.tidegate.simulator.verify..",
                        "io.tidegate.simulator.watch..")
                .check(OURS);
    }
}
