package io.tidegate.simulator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final String SIMULATOR = "io.tidegate.simulator";

    /** Which rooms a room may use. */
    private static final Map<String, Set<String>> ARROWS = Map.ofEntries(
            Map.entry("cli", Set.of()),
            Map.entry("json", Set.of()),
            Map.entry("fleet", Set.of()),
            Map.entry("watch", Set.of("json")),
            Map.entry("local", Set.of("json")),
            Map.entry("web", Set.of("json", "fleet")),
            Map.entry("scenario", Set.of("json", "fleet", "web")),
            Map.entry("oracle", Set.of("fleet", "web", "scenario")),
            Map.entry("run", Set.of("cli", "json", "fleet", "web", "scenario")),
            Map.entry("verify", Set.of("cli", "json", "fleet", "scenario", "oracle", "watch", "local")),
            Map.entry("load", Set.of("cli", "json", "local")),
            Map.entry(
                    "demo",
                    Set.of("cli", "json", "fleet", "web", "scenario", "oracle", "run", "verify", "watch", "local")));

    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(SIMULATOR);

    @Test
    void rooms_do_not_use_each_other_in_circles() {
        slices().matching(SIMULATOR + ".(*)..").should().beFreeOfCycles().check(OURS);
    }

    @Test
    void each_room_uses_only_the_rooms_before_it_on_the_way_of_the_data() {
        ARROWS.forEach((room, used) -> noClasses()
                .that()
                .resideInAPackage(SIMULATOR + "." + room)
                .should()
                .dependOnClassesThat(JavaClass.Predicates.resideInAnyPackage(ARROWS.keySet().stream()
                        .filter(other -> !other.equals(room) && !used.contains(other))
                        .map(other -> SIMULATOR + "." + other)
                        .toArray(String[]::new)))
                .check(OURS));
    }

    @Test
    void every_room_has_its_arrows_here() {
        Set<String> rooms =
                ARROWS.keySet().stream().map(room -> SIMULATOR + "." + room).collect(Collectors.toSet());
        classes()
                .should()
                .resideInAnyPackage(rooms.toArray(String[]::new))
                .orShould()
                .resideInAPackage(SIMULATOR)
                .check(OURS);
    }

    @Test
    void the_oracle_uses_no_code_of_the_product() {
        noClasses()
                .that()
                .resideInAPackage(SIMULATOR + ".oracle..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.tidegate.settings..",
                        "io.tidegate.mqtt..",
                        "io.tidegate.protocol..",
                        "io.tidegate.processor..",
                        "io.tidegate.spark..",
                        "io.tidegate.gateway..")
                .check(OURS);
    }

    /** What is compared was sent and received over the MQTT client of the product, and the files are read by its library. */
    @Test
    void the_comparison_uses_no_code_of_the_product_but_its_mqtt_client_and_its_settings() {
        noClasses()
                .that()
                .resideInAPackage(SIMULATOR + ".verify..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.tidegate.protocol..", "io.tidegate.processor..", "io.tidegate.gateway..")
                .check(OURS);
    }
}
